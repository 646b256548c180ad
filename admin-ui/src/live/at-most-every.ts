/** Does something now, and when it is asked for again too soon, once more at the end of the pause: the last call is never
 * lost, and no two come close together. */
export interface Paced {
  (): void;
  /** What is still to come does not come any more. */
  cancel: () => void;
}

export function atMostEvery(pauseMs: number, work: () => void): Paced {
  let pause: ReturnType<typeof setTimeout> | undefined;
  let isWanted = false;
  const run = (): void => {
    isWanted = false;
    work();
    pause = setTimeout(() => {
      pause = undefined;
      if (isWanted) run();
    }, pauseMs);
  };
  const paced = (): void => {
    if (pause === undefined) run();
    else isWanted = true;
  };
  return Object.assign(paced, {
    cancel: () => {
      clearTimeout(pause);
      pause = undefined;
    },
  });
}
