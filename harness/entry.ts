import { extname } from 'node:path';

/**
 * A module beside another, as source or compiled like it: what a child process or a thread starts from.
 * @param name without extension, e.g. `./emulator-main`
 * @param base `import.meta.url` of the starter
 */
export const entryBeside = (name: string, base: string): URL => new URL(`${name}${extname(base)}`, base);
