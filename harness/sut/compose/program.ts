import { spawnSync } from 'node:child_process';
import { SquallError } from '../../errors.ts';

/** How Compose is called here, in the words of testcontainers' client: docker's plug-in, or the program of its own. */
export type ComposeProgram = { readonly standalone: true } | undefined;

/** Compose as it is found on this machine. */
export interface FoundCompose {
  /** As it is called, e.g. `docker compose`. */
  readonly command: string;
  /** E.g. `2.40.3`. */
  readonly version: string;
  readonly program: ComposeProgram;
}

const ANSWERS_WITHIN_MS = 60_000;

const CALLS: readonly { readonly call: readonly [string, ...string[]]; readonly program: ComposeProgram }[] = [
  { call: ['docker', 'compose'], program: undefined },
  { call: ['docker-compose'], program: { standalone: true } },
];

export const NO_COMPOSE_REMEDY =
  "Install Docker's plug-in (`docker compose version` tells), or the program docker-compose (on Debian a package).";

/** Looks for Compose, and whether it answers; undefined where there is none. */
export const lookForCompose = (): FoundCompose | undefined => {
  for (const { call, program } of CALLS) {
    const [command, ...first] = call;
    const { status, stdout } = spawnSync(command, [...first, 'version', '--short'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: ANSWERS_WITHIN_MS,
    });
    if (status === 0) return { command: call.join(' '), version: stdout.trim(), program };
  }
  return undefined;
};

/** @throws {SquallError} `NO_DOCKER` where there is neither */
export const findCompose = (): ComposeProgram => {
  const found = lookForCompose();
  if (found) return found.program;
  throw new SquallError('NO_DOCKER', 'Compose files need Docker Compose, and there is none here.', NO_COMPOSE_REMEDY);
};
