/** A name out of a file as messages show it: as it is where it is plain, quoted where it could steer a terminal or break a line. */
export const shownName = (name: string): string => {
  if (/^[\w.:/-]{1,80}$/.test(name)) return name;
  return JSON.stringify(name.length <= 80 ? name : `${name.slice(0, 80)}...`);
};
