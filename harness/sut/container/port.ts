import type { ImageFacts } from '../../containers/image.ts';
import { SquallError } from '../../errors.ts';

/** What Cloud Run and others tell a container that is told nothing else. */
export const DEFAULT_PORT = 8080;

/**
 * The port at which a container of the user's image is asked, and which it is told in PORT: many images do not read it, so that what they EXPOSE
 * counts where the user says nothing.
 * @param where e.g. `--sut`
 * @throws {SquallError} `BAD_FLAG` when the image EXPOSEs several, and it is not clear which is meant
 */
export const portOf = (named: number | undefined, image: string, { exposedPorts }: ImageFacts, where: string): number => {
  if (named !== undefined) return named;
  const [first, ...others] = exposedPorts;
  if (first === undefined || exposedPorts.includes(DEFAULT_PORT)) return DEFAULT_PORT;
  if (others.length === 0) return first;
  throw new SquallError(
    'BAD_FLAG',
    `${where}: the image ${image} EXPOSEs ${exposedPorts.join(', ')}, and it is not clear which port the load goes to.`,
    `Name it: { containerPort: ${first} } of \`sut\` in squall.config.ts.`,
  );
};
