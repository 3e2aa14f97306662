import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { SquallError } from '../../errors.ts';
import { defineSutKind } from '../kind.ts';
import { commonSettings, listenPort } from '../settings.ts';
import { startHandler } from '../start-handler.ts';
import { LOOPBACK_REACH } from '../sut.ts';

/** One word that ends like a module: a command has more. */
const MODULE = /^[^\s'"]+\.[cm]?[jt]s$/;

/** A fetch handler of the user's, in a process of squall's. */
export const handler = defineSutKind({
  key: 'handler',
  form: 'a module such as ./handler.ts',
  summary: 'A module that exports (request) => Response, or createHandler(context): runs in both worlds.',
  settings: z.strictObject({
    handler: z.string().min(1).describe('Path of the module.'),
    port: listenPort,
    env: commonSettings.env,
  }),
  fromText: (text) => (MODULE.test(text) ? { handler: text } : undefined),
  choose({ handler: path, port, env }, { where, folder }) {
    const file = resolve(folder, path);
    if (!existsSync(file)) throw new SquallError('NOT_FOUND', `${where}: there is no module ${path}.`, 'Name a .js or .ts file.');
    const module = pathToFileURL(file).href;
    return {
      title: path,
      module,
      async prepare() {
        return {
          reach: LOOPBACK_REACH,
          start: (options) => startHandler({ module, title: path, env, ...(port === undefined ? {} : { port }) }, options),
          close: async () => undefined,
        };
      },
    };
  },
});
