type Hold = <Value>(work: Promise<Value>) => Promise<Value>;

let hold: Hold = (work) => work;

/** What the platform does outside the microtask queue, such as reading a Blob: a world whose time is virtual lets it stand still until it is done. */
export const untilDone: Hold = (work) => hold(work);

/** How such work is waited for from now on. */
export const holdOutsideWork = (how: Hold): void => {
  hold = how;
};
