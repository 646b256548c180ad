/** An address that is no screen. */
import { Link } from "wouter";
import { Page } from "../components/page.tsx";
import { paths } from "../paths.ts";

export function NotFound() {
  return (
    <Page title="No such screen" isNarrow>
      <div className="panel state">
        <p>
          <strong>Nothing stands at this address.</strong>
          <br />
          It may have been mistyped, or what it showed is gone.
        </p>
        <Link className="button" href={paths.dashboard}>
          To the dashboard
        </Link>
      </div>
    </Page>
  );
}
