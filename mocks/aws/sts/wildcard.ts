const escapePattern = (text: string): string => text.replace(/[.+^${}()|[\]\\]/g, '\\$&');

/**
 * A policy's wildcards: `*` stands for any characters, `?` for any one. Several `*` in a row are one, so that no pattern takes long.
 * @param flags of the regular expression, e.g. `i` where case does not count
 */
export const wildcardPattern = (pattern: string, flags = ''): RegExp =>
  new RegExp(`^${escapePattern(pattern.replace(/\*+/g, '*')).replaceAll('*', '.*').replaceAll('?', '.')}$`, `s${flags}`);
