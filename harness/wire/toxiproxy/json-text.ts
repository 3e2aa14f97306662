const UNSAFE_IN_HTML = /[<>&\u2028\u2029]/g;

/** JSON as Go writes it: what would mean something in HTML is escaped. */
export const toJsonText = (value: unknown): string =>
  JSON.stringify(value).replace(UNSAFE_IN_HTML, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The shortest decimal that is the same number in 32 bits, which is how Toxiproxy keeps a toxicity. */
export const toFloat32 = (value: number): number => {
  const rounded = Math.fround(value);
  for (let digits = 1; digits < 10; digits++) {
    const short = Number(rounded.toPrecision(digits));
    if (Math.fround(short) === rounded) return short;
  }
  return rounded;
};
