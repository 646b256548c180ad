/** What a panel says before anything was recorded. */
export function NothingYet() {
  return (
    <p>
      <strong>Nothing recorded yet.</strong>
      <br />
      As soon as somebody visits the page, it shows up here.
    </p>
  );
}
