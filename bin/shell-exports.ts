const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Variables as commands of a shell, one a line. */
export const exports = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quoted(value)}\n`)
    .join('');
