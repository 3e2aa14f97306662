import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../harness/random.ts';
import { composedByProcess, leftByProcess, missingForCompose, missingForContainers } from '../support/containers.ts';
import { buildServerImage, SERVER_IMAGE } from '../support/server-image.ts';
import { type Running, startSquall } from '../support/squall.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures', 'sut');
const KILLED = join(FIXTURES, 'killed.yaml');
const TIMEOUT_MS = 180_000;

/** Another one each time; SQUALL_KILL_SEED repeats one. */
const seed = Number(process.env.SQUALL_KILL_SEED ?? Date.now() % 1_000_000);

const missing = await missingForContainers('node', 'redis', 'nats');

let temp: string;
let out: string;
buildServerImage(missing);
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'squall-e2e-'));
  out = mkdtempSync(join(tmpdir(), 'squall-out-'));
});
afterEach(() => {
  for (const folder of [temp, out]) rmSync(folder, { recursive: true, force: true });
});

/** A server says that it listens, a handler that it has been asked. */
const isUp = (): boolean =>
  readdirSync(out).some((run) => {
    try {
      return readFileSync(join(out, run, 'sut.log'), 'utf8') !== '';
    } catch {
      return false;
    }
  });

/** Long enough for all that a moment is drawn from. */
const STARTING_MS = 8_000;
const LOAD_MS = 6_000;
const CLOSING_MS = 2_000;

/** Waits for the beginning of a stretch of the run; then a moment is drawn from so many milliseconds. */
const stretches = {
  'while it starts': { fromStart: async () => undefined, lastsMs: STARTING_MS },
  'under load': { fromStart: (running: Running) => running.until(isUp), lastsMs: LOAD_MS },
  'while it closes': {
    async fromStart(running: Running) {
      await running.until(isUp);
      await sleep(1_000);
      running.process.kill('SIGINT');
    },
    lastsMs: CLOSING_MS,
  },
} as const;

type Stretch = keyof typeof stretches;

/** A CI runner that has waited long enough kills the whole group of processes, as `timeout -s KILL` does; a person, or the kernel, kills one. */
const kills = {
  'SIGKILL to squall': (running: Running) => running.process.kill('SIGKILL'),
  'SIGKILL to its group': (running: Running) => process.kill(-running.process.pid!, 'SIGKILL'),
  SIGINT: (running: Running) => running.process.kill('SIGINT'),
} as const;

const command = `node ${join(FIXTURES, 'server.mjs')}`;
const missingCompose = missing ?? missingForCompose();
const systems = [
  { kind: 'docker', sut: `docker:${SERVER_IMAGE}`, kill: 'SIGKILL to squall', why: missing },
  { kind: 'compose', sut: `compose:${join(FIXTURES, 'compose.yaml')}`, kill: 'SIGKILL to squall', why: missingCompose },
  { kind: 'command', sut: command, kill: 'SIGKILL to its group', why: missing },
  { kind: 'docker', sut: `docker:${SERVER_IMAGE}`, kill: 'SIGKILL to its group', why: missing, only: 'under load' },
  { kind: 'handler', sut: join(FIXTURES, 'handler.mjs'), kill: 'SIGKILL to its group', why: missing, only: 'under load' },
  { kind: 'command', sut: command, kill: 'SIGINT', why: missing, only: 'while it starts' },
  {
    kind: 'compose',
    sut: `compose:${join(FIXTURES, 'compose.yaml')}`,
    kill: 'SIGINT',
    why: missingCompose,
    only: 'while it starts',
  },
] as const satisfies readonly {
  readonly kind: string;
  readonly sut: string;
  readonly kill: keyof typeof kills;
  readonly why: string | undefined;
  readonly only?: Stretch;
}[];

const cases = systems.flatMap(({ kind, sut, kill, why, ...bounds }) =>
  (Object.keys(stretches) as Stretch[])
    .filter((stretch) => !('only' in bounds) || bounds.only === stretch)
    .map((stretch) => {
      const afterMs = Math.round(createRandom(seed, kind, kill, stretch)() * stretches[stretch].lastsMs);
      return {
        title: `${kind}, ${kill} ${stretch}, after ${afterMs} ms (SQUALL_KILL_SEED=${seed})${why ? ` (${why})` : ''}`,
        sut,
        why,
        kill: kills[kill],
        stretch: stretches[stretch],
        afterMs,
      };
    }),
);

describe('squall that is ended at any moment leaves nothing', () => {
  for (const { title, sut, why, kill, stretch, afterMs } of cases) {
    it.skipIf(why)(
      title,
      async () => {
        const running = startSquall(['run', KILLED, '--out', out, '--sut', sut], { temp, isGroup: true });
        const pid = running.process.pid!;
        await stretch.fromStart(running);
        await sleep(afterMs);
        const composed = await composedByProcess(pid);
        kill(running);
        await running.ended;
        const left = async () => ({
          containers: [...(await leftByProcess(pid)), ...(await composed())],
          processes: running.descendants().map(({ commandLine }) => commandLine),
          files: readdirSync(temp),
        });
        await expect.poll(left, { timeout: 60_000, interval: 250 }).toEqual({ containers: [], processes: [], files: [] });
      },
      TIMEOUT_MS,
    );
  }
});
