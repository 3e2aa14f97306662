import { registerHooks } from 'node:module';
import { entryBeside } from '../../../entry.ts';

/** Libraries for which a simulating thread has something faster that gives the same results. */
const REPLACEMENTS: Readonly<Record<string, string>> = { '@aws-crypto/sha256-js': './sha256' };

/** From now on an import of one of them is an import of what stands for it. */
export const installReplacements = (): void => {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const name = Object.hasOwn(REPLACEMENTS, specifier) ? REPLACEMENTS[specifier] : undefined;
      return nextResolve(name === undefined ? specifier : entryBeside(name, import.meta.url).href, context);
    },
  });
};
