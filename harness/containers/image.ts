import { SquallError } from '../errors.ts';
import { askEngine, engineStatus } from './engine.ts';

const NOT_FOUND = 404;

/** What an image says of the containers that are made of it. */
export interface ImageFacts {
  /** TCP ports that it EXPOSEs, from the lowest up. */
  readonly exposedPorts: readonly number[];
}

/** For an image that is not on this machine: squall pulls none. */
export const missingImage = (image: string): SquallError =>
  new SquallError(
    'NOT_FOUND',
    `The image ${image} is not on this machine.`,
    `squall pulls none. Get it by docker pull ${image}, or build it by docker build --tag ${image} <folder>.`,
  );

/** `8080/tcp` as the engine writes a port (Docker Engine API 1.41, ImageInspect, `Config.ExposedPorts`). */
const tcpPorts = (exposed: object): readonly number[] =>
  Object.keys(exposed)
    .flatMap((entry) => /^(\d+)(?:\/tcp)?$/.exec(entry)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);

/**
 * Asks the engine for an image.
 * @returns undefined when it is not on this machine
 * @throws {SquallError} `NO_DOCKER` when no engine answers; `CONTAINER_FAILED` when it refuses
 */
export const findImage = async (image: string): Promise<ImageFacts | undefined> => {
  const engine = await engineStatus();
  if (!engine.available)
    throw new SquallError('NO_DOCKER', `The image ${image} can't be looked at: ${engine.reason}.`, engine.remedy);
  const { status, body } = await askEngine(engine.address, 'GET', `/images/${image}/json`);
  if (status === NOT_FOUND) return undefined;
  if (status === 200) {
    const { Config: config } = body as { readonly Config?: { readonly ExposedPorts?: object | null } | null };
    return { exposedPorts: tcpPorts(config?.ExposedPorts ?? {}) };
  }
  const words = (body as { readonly message?: string } | undefined)?.message ?? String(body);
  throw new SquallError('CONTAINER_FAILED', `The image ${image} can't be looked at: ${words}.`);
};

/**
 * What an image says of its ports, as a sentence, where it can be why nobody answers at these: empty when it says the same, or is not there.
 * Never rejects.
 */
export const exposedElsewhere = async (image: string, ports: readonly number[]): Promise<string> => {
  const found = await findImage(image).catch(() => undefined);
  if (!found || (found.exposedPorts.length > 0 && found.exposedPorts.every((port) => ports.includes(port)))) return '';
  return `The image EXPOSEs ${found.exposedPorts.length === 0 ? 'no port' : found.exposedPorts.join(', ')}.`;
};
