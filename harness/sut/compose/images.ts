import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { findImage, type ImageFacts } from '../../containers/image.ts';
import { IMAGE_NAME, notAnImageName } from '../../containers/image-name.ts';
import { SquallError } from '../../errors.ts';
import type { ComposeProgram } from './program.ts';

const CONFIG_WITHIN_MS = 60_000;

/** What of a Compose file counts here (Compose specification, `services`, `image`, `build`). */
const composed = z.looseObject({
  services: z.record(z.string(), z.looseObject({ image: z.string().optional(), build: z.unknown().optional() })),
});

/** Images that must be there already, by service: of services that are built, none. */
export const imagesIn = (config: unknown): ReadonlyMap<string, string> => {
  const services = Object.entries(composed.safeParse(config).data?.services ?? {});
  // One service may build what another one runs.
  const built = new Set(services.flatMap(([, { image, build }]) => (build !== undefined && image !== undefined ? image : [])));
  return new Map(
    services.flatMap(([name, { image, build }]) =>
      image === undefined || build !== undefined || built.has(image) ? [] : [[name, image] as const],
    ),
  );
};

/** Services that are built and name no image: Compose gives that a name of the project's, which is the run's. */
export const builtIn = (config: unknown): readonly string[] =>
  Object.entries(composed.safeParse(config).data?.services ?? {}).flatMap(([name, { image, build }]) =>
    build !== undefined && image === undefined ? [name] : [],
  );

/** What the services of a file run. */
export interface ComposeImages {
  /** What the images say of themselves that are taken as they are, by service. */
  readonly taken: ReadonlyMap<string, { readonly image: string; readonly facts: ImageFacts }>;
  /** Services whose image is built under a name of the run's. */
  readonly built: readonly string[];
}

/**
 * The file as Compose understands it, with what it extends and includes, and with variables filled in. Where one of these is a run's, which is not known
 * yet, variables stay as they are.
 * @throws {SquallError} `BAD_FLAG` with Compose's words for a file that it does not take
 */
const understood = (program: ComposeProgram, file: string, shown: string): unknown => {
  const [command, ...first] = program ? ['docker-compose'] : ['docker', 'compose'];
  const ask = (...options: readonly string[]) =>
    spawnSync(command!, [...first, '--file', file, 'config', ...options], {
      cwd: dirname(file),
      encoding: 'utf8',
      timeout: CONFIG_WITHIN_MS,
    });
  const filledIn = ask();
  const answer = filledIn.status === 0 ? filledIn : ask('--no-interpolate');
  if (answer.status === 0) return parse(answer.stdout);
  throw new SquallError('BAD_FLAG', `Compose does not take ${shown}: ${filledIn.stderr.trim().replace(/\.$/, '')}.`);
};

/**
 * Looks that every image is there which the services of a file take as it is: Compose would pull it.
 * @throws {SquallError} `NOT_FOUND` for images that are not there; `BAD_FLAG` for what is no image's name, or a file that Compose does not take
 */
export const requireImages = async (program: ComposeProgram, file: string, shown: string): Promise<ComposeImages> => {
  const config = understood(program, file, shown);
  const known = [...imagesIn(config)].filter(([, image]) => !image.includes('$'));
  for (const [service, image] of known) {
    if (!IMAGE_NAME.test(image))
      throw new SquallError(
        'BAD_FLAG',
        `${shown}, services.${service}.image: ${notAnImageName('my/image:1.2')}, got "${image}".`,
      );
  }
  const looked = await Promise.all(known.map(async ([service, image]) => ({ service, image, facts: await findImage(image) })));
  const missing = [...new Set(looked.filter(({ facts }) => !facts).map(({ image }) => image))];
  if (missing.length > 0) {
    const services = looked.filter(({ facts }) => !facts).map(({ service, image }) => `${image} of the service ${service}`);
    throw new SquallError(
      'NOT_FOUND',
      `${shown}: not on this machine: ${services.join(', ')}.`,
      `squall pulls none. Get ${missing.length === 1 ? 'it' : 'them'} by ${missing.map((image) => `docker pull ${image}`).join(', ')}, or build it by the service's \`build\`.`,
    );
  }
  return {
    taken: new Map(looked.map(({ service, image, facts }) => [service, { image, facts: facts! }])),
    built: builtIn(config),
  };
};
