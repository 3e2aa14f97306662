import { extname } from 'node:path';

/**
 * The module that a child process or a thread starts from: beside its starter, as source or compiled like it.
 * @param name without extension, e.g. `./emulator-main`
 * @param base `import.meta.url` of the starter
 */
export const entryBeside = (name: string, base: string): URL => new URL(`${name}${extname(base)}`, base);
