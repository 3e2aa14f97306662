import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseSweep } from '../../../harness/compare/sweep.ts';
import type { SquallError } from '../../../harness/errors.ts';
import { bindFault } from '../../../harness/faults/bind.ts';
import { resolveScenario } from '../../../harness/scenario/resolve.ts';
import { faultableLinks } from '../../../harness/topology/node-placements.ts';
import { findBroker } from '../../../harness/world/live/brokers/find-broker.ts';
import { createSimPool } from '../../../harness/world/sim/pool.ts';
import type { RunPlan } from '../../../harness/world/world.ts';
import { simPlan } from '../../support/sim-plan.ts';

const jobs = { door: 'jobs', rate: '50/s', timeout: '2s' };
const planWith = (broker: string, more: object = {}): RunPlan =>
  simPlan({ load: jobs, faults: [], design: { queue: { broker } }, ...more });
const nodesIn = ({ nodes = [] }: RunPlan) => nodes.map(({ link: { id, role } }) => `${id} ${role}`);
const fault = (kind: string, target: string, settings: object = {}) => ({
  name: kind,
  kind,
  targets: [target],
  atMs: 0,
  forMs: 1000,
  probability: 1,
  settings: { ...settings },
});

afterEach(() => vi.unstubAllEnvs());

describe('the broker behind the queue', () => {
  it('is none where nothing is said, and where the load has no jobs', () => {
    expect(nodesIn(planWith('sqlite'))).not.toContain('stack/us-east/broker tcp');
    expect(nodesIn(simPlan({ design: { queue: { broker: 'nats' } } }))).toEqual(['stack/us-east/identity service']);
  });

  it.each([
    ['nats', 'tcp'],
    ['sqs', 'service'],
  ])('%s is a node of its own, reached as %s', (broker, role) => {
    expect(nodesIn(planWith(broker))).toContain(`stack/us-east/broker ${role}`);
  });

  it('has a name that a design knows; another is refused with those that there are', () => {
    const { problems } = resolveScenario({ ...content, design: { queue: { broker: 'kafka' } } }, 'x');
    expect(problems?.map(({ path, message }) => [path.join('.'), message])).toEqual([
      ['design.queue.broker', expect.stringMatching(/sqlite.*nats.*sqs/)],
    ]);
  });

  it('can be swept by compare', () => {
    expect(parseSweep('queue.broker=sqlite,nats').values.map(({ patch }) => patch)).toEqual([
      { queue: { broker: 'sqlite' } },
      { queue: { broker: 'nats' } },
    ]);
  });

  it('is refused by the simulated world, before the run', async () => {
    const pool = createSimPool({ workers: 1 });
    await expect(pool.run(planWith('nats'))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('NATS JetStream (queue.broker: nats), and the simulated world has none'),
      remedy: expect.stringMatching(/--world live.*sqlite/),
    });
    await pool.close();
  });

  it('is refused by the live world where it is not installed, with what installs it', () => {
    vi.stubEnv('SQUALL_BROKERS', '/nowhere');
    vi.stubEnv('PATH', '/nowhere');
    for (const [broker, program] of [
      ['nats', 'nats-server'],
      ['sqs', 'LocalStack'],
    ] as const) {
      const refusal = expect.objectContaining<Partial<SquallError>>({
        code: 'UNSUPPORTED',
        message: expect.stringContaining(`${program} is not installed in /nowhere`),
        remedy: expect.stringContaining('scripts/install-brokers.sh'),
      });
      expect(() => findBroker(planWith(broker))).toThrow(refusal);
    }
    expect(findBroker(planWith('sqlite'))).toBeUndefined();
  });
});

const content = {
  description: 'A scenario for tests.',
  topology: { gateway: 'us-east', regions: ['aws/us-east-1'] },
  load: jobs,
  warmup: '1s',
  duration: '6s',
  expect: { all: { availability: { min: '0%' } } },
};

describe('faults on a broker', () => {
  const bind = (broker: string, kind: string, target: string, settings: object = {}) =>
    bindFault(fault(kind, target, settings), 'live', faultableLinks(planWith(broker)));
  const linksOf = (bound: ReturnType<typeof bindFault>) => bound.links.map(({ id }) => id);

  it('kill it where its jobs are on the disk, and refuse connections meanwhile', () => {
    const { links, effect } = bind('nats', 'node-kill', 'stack/us-east/broker');
    expect(links.map((link) => effect.connection?.(link))).toEqual(['refuse']);
  });

  it.each(['stack/us-east/broker', 'stack', 'stack/us-east/*'])(
    'cannot kill one with its jobs in memory alone, by %s',
    (target) => {
      expect(() => bind('sqs', 'node-kill', target)).toThrow(/LocalStack keeps its queues in memory/);
    },
  );

  it('kill the others beside one with its jobs in memory', () => {
    expect(linksOf(bind('sqs', 'node-kill', 'stack/us-east/worker-*'))).toHaveLength(2);
  });

  it('cut it off as any service', () => {
    for (const broker of ['nats', 'sqs']) {
      expect(linksOf(bind(broker, 'region-outage', 'stack/us-east/broker', { mode: 'blackhole' }))).toEqual([
        'stack/us-east/broker',
      ]);
    }
  });

  it('act on its requests only where it has such that the wire can read', () => {
    expect(linksOf(bind('sqs', 'answer-loss', 'stack/us-east/broker', { percent: 0.3 }))).toEqual(['stack/us-east/broker']);
    expect(() => bind('nats', 'region-outage', 'stack/us-east/broker', { mode: 'http-5xx', status: 503 })).toThrow(
      /matches no link/,
    );
    expect(linksOf(bind('nats', 'region-outage', 'stack', { mode: 'http-5xx', status: 503 }))).toEqual([
      'stack/us-east/identity',
      'stack/us-east/queue',
    ]);
  });
});
