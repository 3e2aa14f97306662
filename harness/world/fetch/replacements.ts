import { registerHooks } from 'node:module';
import { entryBeside } from '../../entry.ts';

/** Modules for which Node has something faster that gives the same results, and what that is. */
const REPLACEMENTS: ReadonlyMap<string, string> = new Map(
  [['../../../mocks/shared/sha256', './sha256'] as const].map(([module, by]) => [
    entryBeside(module, import.meta.url).href,
    entryBeside(by, import.meta.url).href,
  ]),
);

/** From now on an import of one of them is an import of what stands for it. */
export const installReplacements = (): void => {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      const url = REPLACEMENTS.get(resolved.url);
      return url === undefined ? resolved : nextResolve(url, context);
    },
  });
};
