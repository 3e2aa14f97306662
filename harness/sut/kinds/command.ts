import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { SquallError } from '../../errors.ts';
import { startCommand } from '../command/start.ts';
import { defineSutKind } from '../kind.ts';
import { isNoCommand } from '../no-command.ts';
import { commonSettings, listenPort } from '../settings.ts';
import { LOOPBACK_REACH } from '../sut.ts';

/** A command of the user's, in a shell. */
export const command = defineSutKind({
  key: 'command',
  form: "a command such as 'node server.js'",
  summary: 'A command, which is told its links by environment variables and listens on 127.0.0.1 at the port in PORT.',
  settings: z.strictObject({
    command: z.string().trim().min(1).describe('For the shell.'),
    cwd: z.string().optional().describe('Folder that it runs in; where it is named when left out.'),
    port: listenPort,
    ...commonSettings,
  }),
  fromText: (text) => (text === '' || isNoCommand(text) ? undefined : { command: text }),
  choose(settings, { where, folder }) {
    const cwd = resolve(folder, settings.cwd ?? '.');
    if (!existsSync(cwd)) throw new SquallError('NOT_FOUND', `${where}: there is no folder ${cwd}.`, 'Name one in `cwd`.');
    return {
      title: settings.command,
      async prepare() {
        return {
          reach: LOOPBACK_REACH,
          start: (options) => startCommand({ ...settings, cwd }, options),
          close: async () => undefined,
        };
      },
    };
  },
});
