import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { openContainers } from '../../containers/containers.ts';
import { SquallError } from '../../errors.ts';
import { readComposeFile } from '../compose/compose-file.ts';
import { requireImages } from '../compose/images.ts';
import { findCompose } from '../compose/program.ts';
import { startCompose } from '../compose/start.ts';
import { DEFAULT_PORT, portOf } from '../container/port.ts';
import { reachContainers } from '../container/reach.ts';
import { defineSutKind } from '../kind.ts';
import { commonSettings, containerPort } from '../settings.ts';

/** `compose:docker-compose.yml`, or `compose:docker-compose.yml#gateway` for a service of it. */
const TEXT = /^compose:([^#]+)(?:#(.+))?$/;

/** The service that the load goes to: the one that is named, or the only one, or the only one with a port. */
const entryOf = (
  services: ReturnType<typeof readComposeFile>,
  named: string | undefined,
  where: string,
  shown: string,
): string => {
  const open = services.names.filter((name) => services.portOf(name) !== undefined);
  const entry = named ?? (services.names.length === 1 ? services.names[0] : open.length === 1 ? open[0] : undefined);
  if (entry !== undefined && services.names.includes(entry)) return entry;
  throw new SquallError(
    'BAD_FLAG',
    entry === undefined
      ? `${where}: ${shown} has ${services.names.length} services, and it is not clear which one the load goes to.`
      : `${where}: ${shown} has no service ${entry}.`,
    `Name it: compose:${shown}#<service>. Services: ${services.names.join(', ')}.`,
  );
};

/** The services of a Compose file of the user's; the load goes to one of them. */
export const compose = defineSutKind({
  key: 'compose',
  form: 'compose:<file>',
  summary: 'The services of a Compose file, all of which are told the links; the load goes to one of them.',
  settings: z.strictObject({
    compose: z.string().min(1).describe('Path of the Compose file.'),
    service: z
      .string()
      .min(1)
      .optional()
      .describe('Where the load goes; the only one, or the only one with a port, when left out.'),
    containerPort: containerPort.optional(),
    ...commonSettings,
  }),
  fromText(text) {
    const [, file, service] = TEXT.exec(text) ?? [];
    return file === undefined ? undefined : { compose: file, ...(service === undefined ? {} : { service }) };
  },
  choose({ compose: shown, service, containerPort: port, env, ready }, { where, folder }) {
    const file = resolve(folder, shown);
    if (!existsSync(file)) throw new SquallError('NOT_FOUND', `${where}: there is no Compose file ${shown}.`);
    const services = readComposeFile(file, shown);
    const entry = entryOf(services, service, where, shown);
    return {
      title: `compose:${shown}`,
      async prepare() {
        const program = findCompose();
        const containers = await openContainers();
        try {
          const { taken, built } = await requireImages(program, file, shown);
          const named = port ?? services.portOf(entry);
          const own = taken.get(entry);
          const entryPort = own ? portOf(named, own.image, own.facts, where) : (named ?? DEFAULT_PORT);
          const reach = await reachContainers(containers);
          const settings = { file, services: services.names, built, entry, entryPort, env, ready };
          return {
            reach,
            start: (options) => startCompose(settings, program, containers, reach, options),
            close: containers.close,
          };
        } catch (error) {
          await containers.close();
          throw error;
        }
      },
    };
  },
});
