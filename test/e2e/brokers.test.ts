import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createRandom } from '../../harness/random.ts';
import type { RunReport } from '../../harness/verdict/report.ts';
import { brokersFolder } from '../../harness/world/live/brokers/programs.ts';
import { findBroker } from '../support/brokers.ts';
import { jobsUnderFire } from '../support/jobs-under-fire.ts';
import { type StartOptions, squall, startSquall } from '../support/squall.ts';

/** Another one each time; SQUALL_SEED=<that> kills the same processes at the same moments again. */
const seed = Number(process.env.SQUALL_SEED ?? Math.floor(Math.random() * 2 ** 32));
const LIMIT_MS = 240_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-brokers-e2e-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The command's temporary folder is another one than this process's: it is told where the brokers are. */
const options = (): StartOptions => ({ cwd: folder, env: { SQUALL_BROKERS: brokersFolder() } });

const writeScenario = (broker: string, victims: readonly string[], door = 'jobs'): string => {
  const file = join(folder, `${broker}-${door}.yaml`);
  writeFileSync(file, stringify(jobsUnderFire({ door, broker, victims }, createRandom(seed, `${broker} ${door}`))));
  return file;
};

const EVERY_PROCESS = ['worker-1', 'worker-2', 'queue', 'broker'];
const ALL_BUT_THE_BROKER = ['worker-1', 'worker-2', 'queue'];

describe.each([
  { broker: 'nats' as const, victims: EVERY_PROCESS, title: 'NATS JetStream, and the server itself is killed' },
  { broker: 'sqs' as const, victims: ALL_BUT_THE_BROKER, title: 'SQS of LocalStack' },
])('jobs in $title', ({ broker, victims }) => {
  const found = findBroker(broker);
  const why = 'missing' in found ? ` (${found.missing})` : '';

  it.skipIf('missing' in found)(
    `no accepted job is lost or answered twice, whatever is killed when (SQUALL_SEED=${seed})${why}`,
    async () => {
      const report = join(folder, `${broker}.json`);
      const running = startSquall(
        ['run', writeScenario(broker, victims), '--seed', '1', '--reporter', `terminal,json=${report}`],
        options(),
      );
      const { stderr, tempFiles } = await running.ended;
      expect(stderr).toBe('');
      expect(running.descendants()).toEqual([]);
      expect(tempFiles).toEqual([]);

      const [run] = JSON.parse(readFileSync(report, 'utf8')).runs as readonly [RunReport];
      expect(run.end).toEqual({ type: 'completed' });
      expect(run.events.filter(({ text }) => / killed$/.test(text))).toHaveLength(2 * victims.length);
      const ofJobs = run.expectations.filter(({ metric }) => metric !== 'availability');
      expect(ofJobs.map(({ metric, actual }) => [metric, actual])).toEqual([
        ['lostJobs', 0],
        ['duplicateAnswers', 0],
        ['deadLetters', 0],
        ['unfinishedJobs', 0],
        ['unauthorisedAnswers', 0],
      ]);
      // What comes while the queue or its broker is dead is not accepted.
      expect(ofJobs[0]!.samples).toBeGreaterThan(100);
    },
    LIMIT_MS,
  );

  it.skipIf('missing' in found)(
    `nothing is left of it when squall itself is killed by SIGKILL${why}`,
    async () => {
      const running = startSquall(['run', writeScenario(broker, [])], options());
      const hasBroker = () =>
        running.descendants().some(({ commandLine }) => /nats-server|localstack\.runtime/.test(commandLine));
      await running.until(hasBroker);
      running.process.kill('SIGKILL');
      await expect.poll(() => running.descendants(), { timeout: 20_000, interval: 200 }).toEqual([]);
    },
    LIMIT_MS,
  );
});

describe('a broker that cannot be had', () => {
  it.each(['nats', 'sqs'])('%s: refused in sim with one message, and exit code 2', async (broker) => {
    const { code, stderr } = await squall(['run', writeScenario(broker, []), '--world', 'sim'], options());
    expect(stderr).toContain(`queue.broker: ${broker}), and the simulated world has none`);
    expect(stderr).toContain('--world live');
    expect(code).toBe(2);
  });

  it('is not installed: live says what to install, and starts nothing', async () => {
    const { code, stderr, stdout } = await squall(['run', writeScenario('sqs', [])], {
      cwd: folder,
      env: { SQUALL_BROKERS: join(folder, 'nothing-here') },
    });
    expect(stderr).toContain('LocalStack is not installed in');
    expect(stderr).toContain('scripts/install-brokers.sh');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('keeps jobs in memory alone: killing it is refused with the reason', async () => {
    const { code, stderr } = await squall(['run', writeScenario('sqs', EVERY_PROCESS)], options());
    expect(stderr).toContain('stack/us-east/broker cannot be killed: LocalStack keeps its queues in memory');
    expect(code).toBe(2);
  });
});
