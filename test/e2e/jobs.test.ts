import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createRandom } from '../../harness/random.ts';
import type { RunReport } from '../../harness/verdict/report.ts';
import { jobsUnderFire } from '../support/jobs-under-fire.ts';
import { squall } from '../support/squall.ts';

/** Another one each time; SQUALL_SEED=<that> kills the same processes at the same moments again. */
const seed = Number(process.env.SQUALL_SEED ?? Math.floor(Math.random() * 2 ** 32));
const LIMIT_MS = 180_000;
const VICTIMS = ['worker-1', 'worker-2', 'queue'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-jobs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(['jobs', 'events'])(
  `no accepted job is lost or answered twice by the door %s, whatever is killed when (SQUALL_SEED=${seed})`,
  async (door) => {
    const file = join(folder, `${door}.yaml`);
    const report = join(folder, `${door}.json`);
    writeFileSync(file, stringify(jobsUnderFire({ door, broker: 'sqlite', victims: VICTIMS }, createRandom(seed, door))));
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
      ['unauthorisedAnswers', 0],
    ]);
    // By the door for jobs what comes while the queue is dead is not accepted.
    expect(ofJobs[0]!.samples).toBeGreaterThan(150);
  },
  LIMIT_MS,
);
