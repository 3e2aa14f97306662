/** Compares two secrets in a time that depends on their lengths alone, so that a guess learns nothing from how long it took. */
export const isSameSecret = (given: string, known: string): boolean => {
  let difference = given.length ^ known.length;
  for (let at = 0; at < known.length; at += 1) difference |= (given.charCodeAt(at) || 0) ^ known.charCodeAt(at);
  return difference === 0;
};
