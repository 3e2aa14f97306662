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

const isListening = (): boolean =>
  readdirSync(out).some((run) => {
    try {
      return readFileSync(join(out, run, 'sut.log'), 'utf8').includes('listening');
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
  'under load': { fromStart: (running: Running) => running.until(isListening), lastsMs: LOAD_MS },
  'while it closes': {
    async fromStart(running: Running) {
      await running.until(isListening);
      await sleep(1_000);
      running.process.kill('SIGINT');
    },
    lastsMs: CLOSING_MS,
  },
} as const;

const systems = [
  { kind: 'docker', sut: `docker:${SERVER_IMAGE}`, why: missing },
  { kind: 'compose', sut: `compose:${join(FIXTURES, 'compose.yaml')}`, why: missing ?? missingForCompose() },
] as const;

const cases = systems.flatMap(({ kind, sut, why }) =>
  Object.entries(stretches).map(([name, stretch]) => {
    const afterMs = Math.round(createRandom(seed, kind, name)() * stretch.lastsMs);
    return {
      title: `${kind}, ${name}, after ${afterMs} ms (SQUALL_KILL_SEED=${seed})${why ? ` (${why})` : ''}`,
      sut,
      why,
      stretch,
      afterMs,
    };
  }),
);

describe('squall that is killed at any moment leaves nothing', () => {
  for (const { title, sut, why, stretch, afterMs } of cases) {
    it.skipIf(why)(
      title,
      async () => {
        const running = startSquall(['run', KILLED, '--out', out, '--sut', sut], { temp });
        const pid = running.process.pid!;
        await stretch.fromStart(running);
        await sleep(afterMs);
        const composed = await composedByProcess(pid);
        running.process.kill('SIGKILL');
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
