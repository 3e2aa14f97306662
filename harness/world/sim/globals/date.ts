/**
 * A Date whose now is the clock's. It shares the native prototype, so that `instanceof` holds for dates of either.
 * @param nowMs epoch milliseconds, with a fraction
 */
export const createSimDate = (NativeDate: DateConstructor, nowMs: () => number): DateConstructor => {
  const now = () => Math.floor(nowMs());
  // A function rather than a class: `Date()` without `new` is a string.
  function SimDate(this: unknown, ...args: unknown[]): unknown {
    if (!new.target) return new NativeDate(now()).toString();
    return Reflect.construct(NativeDate, args.length === 0 ? [now()] : args, new.target);
  }
  Object.defineProperty(SimDate, 'name', { value: 'Date' });
  Object.defineProperty(SimDate, 'length', { value: 7 });
  const { parse, UTC, prototype } = NativeDate;
  return Object.assign(SimDate, { now, parse, UTC, prototype }) as unknown as DateConstructor;
};
