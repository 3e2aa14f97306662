import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createRandom } from '../../harness/random.ts';
import type { RunReport } from '../../harness/verdict/report.ts';
import { squall } from '../support/squall.ts';

/** Another one each time; SQUALL_SEED=<that> kills the same processes at the same moments again. */
const seed = Number(process.env.SQUALL_SEED ?? Math.floor(Math.random() * 2 ** 32));
const LIMIT_MS = 180_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-jobs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Each node is killed twice, at any moment, and is back after a while. */
const killings = (random: () => number) =>
  ['worker-1', 'worker-2', 'queue'].flatMap((node) =>
    [2000, 8000].map((earliestMs, turn) => ({
      name: `${node}-${turn + 1}`,
      kind: 'node-kill',
      target: `stack/us-east/${node}`,
      at: `${earliestMs + Math.floor(random() * 4000)}ms`,
      for: `${300 + Math.floor(random() * 1500)}ms`,
    })),
  );

const scenario = (door: string) => ({
  title: 'Processes die at any moment',
  description: 'Workers and the queue are killed by SIGKILL, under load.',
  topology: {
    gateway: 'us-east',
    capacity: { serviceTime: '150ms', concurrency: 32 },
    regions: ['aws/us-east-1', 'google/us-east4'],
  },
  load: { door, rate: '20/s', timeout: '40s' },
  warmup: '1s',
  duration: '15s',
  steadyState: { availability: { min: 0 } },
  faults: killings(createRandom(seed, door)),
  expect: { all: { lostJobs: { max: 0 }, duplicateAnswers: { max: 0 }, deadLetters: { max: 0 }, unfinishedJobs: { max: 0 } } },
});

it.each(['jobs', 'events'])(
  `no accepted job is lost or answered twice by the door %s, whatever is killed when (SQUALL_SEED=${seed})`,
  async (door) => {
    const file = join(folder, `${door}.yaml`);
    const report = join(folder, `${door}.json`);
    writeFileSync(file, stringify(scenario(door)));
    const { stderr } = await squall(['run', file, '--seed', '1', '--reporter', `terminal,json=${report}`], { cwd: folder });
    expect(stderr).toBe('');

    const [run] = JSON.parse(readFileSync(report, 'utf8')).runs as readonly [RunReport];
    const { expectations, end, events } = run;

    expect(end).toEqual({ type: 'completed' });
    expect(events.filter(({ text }) => / killed$/.test(text))).toHaveLength(6);
    const ofJobs = expectations.filter(({ metric }) => metric !== 'availability');
    expect(ofJobs.map(({ metric, actual }) => [metric, actual])).toEqual([
      ['lostJobs', 0],
      ['duplicateAnswers', 0],
      ['deadLetters', 0],
      ['unfinishedJobs', 0],
    ]);
    // By the door for jobs what comes while the queue is dead is not accepted.
    expect(ofJobs[0]!.samples).toBeGreaterThan(150);
  },
  LIMIT_MS,
);
