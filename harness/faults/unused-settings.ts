import type { z } from 'zod';

/**
 * A check for an object of settings where one of them, the selector, decides which others are read: a setting that is given but not
 * read is refused, since the run would not be what its author thinks. Such settings are optional in the schema.
 * @param selector name of the deciding setting, e.g. `mode`
 * @param readBy which values of the selector read the setting
 */
export const refuseUnused =
  (selector: string, readBy: Readonly<Record<string, readonly string[]>>) =>
  (settings: Readonly<Record<string, unknown>>, context: Pick<z.RefinementCtx, 'addIssue'>): void => {
    for (const [name, values] of Object.entries(readBy)) {
      if (settings[name] === undefined || values.includes(String(settings[selector]))) continue;
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `has no effect with ${selector} ${settings[selector]}; it belongs to ${selector} ${values.join(' or ')}`,
      });
    }
  };
