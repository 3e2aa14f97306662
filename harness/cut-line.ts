/** What secrets, and other words that mean nothing in part, are written with. */
const IN_A_WORD = /[\w+/=.~%-]/;

/** No secret of a run is longer; of a longer word only so much is dropped. */
const MAX_WORD_LENGTH = 4_000;

/**
 * The beginning of a line that is too long, without the word that the cut would go through: half of a secret is known by nobody for one.
 * @param maxLength characters
 */
export const cutLine = (line: string, maxLength: number): string => {
  if (line.length <= maxLength) return line;
  let end = maxLength;
  if (!IN_A_WORD.test(line[end]!)) return line.slice(0, end);
  const least = Math.max(0, end - MAX_WORD_LENGTH);
  while (end > least && IN_A_WORD.test(line[end - 1]!)) end -= 1;
  return line.slice(0, end);
};
