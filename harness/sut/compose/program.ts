import { spawnSync } from 'node:child_process';
import { SquallError } from '../../errors.ts';

/** How Compose is called here, in the words of testcontainers' client: docker's plug-in, or the program of its own. */
export type ComposeProgram = { readonly standalone: true } | undefined;

const answers = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, [...args], { stdio: 'ignore', timeout: 60_000 }).status === 0;

/** @throws {SquallError} `NO_DOCKER` where there is neither */
export const findCompose = (): ComposeProgram => {
  if (answers('docker', 'compose', 'version')) return undefined;
  if (answers('docker-compose', 'version')) return { standalone: true };
  throw new SquallError(
    'NO_DOCKER',
    'Compose files need Docker Compose, and there is none here.',
    "Install Docker's plug-in (`docker compose version` tells), or the program docker-compose.",
  );
};
