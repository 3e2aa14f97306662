import { describe, expect, it } from 'vitest';
import { planRun } from '../../../harness/run.ts';
import { formatPath } from '../../../harness/scenario/problem.ts';
import { resolveScenario } from '../../../harness/scenario/resolve.ts';
import type { Scenario } from '../../../harness/scenario/scenario.ts';
import { openForPlan } from '../../../harness/world/live/containers/open.ts';
import { refuseLimits } from '../../../harness/world/live/containers/refuse-limits.ts';
import { refuseForSut } from '../../../harness/world/live/refuse-for-sut.ts';
import { createSimPool } from '../../../harness/world/sim/pool.ts';

const content = (containers: object, faults: readonly object[] = []) => ({
  description: 'A scenario for tests.',
  topology: { regions: ['azure/eastus'], containers },
  load: { rate: '10/s', timeout: '2s' },
  duration: '10s',
  faults,
  expect: { all: { availability: { min: '0%' } } },
});

const resolved = (containers: object, faults: readonly object[] = []): Scenario => {
  const { scenario, problems } = resolveScenario(content(containers, faults), 'x');
  expect(problems).toBeUndefined();
  return scenario!;
};

const problemsWith = (containers: object, faults: readonly object[] = []): readonly string[] =>
  (resolveScenario(content(containers, faults), 'x').problems ?? []).map(
    ({ path, message }) => `${formatPath(path)}: ${message}`,
  );

const redis = { image: 'redis:8', port: 6379 };
const planOf = (scenario: Scenario) => planRun(scenario, { seed: 1, sut: 'node server.js' });
const at = { at: '1s', for: '2s' };

describe('containers of a topology', () => {
  it('are links beside the gateway: bytes of what has a protocol of its own, requests of what speaks HTTP', () => {
    const scenario = resolved({
      cache: { ...redis, rtt: '3ms' },
      jobs: { image: 'postgres:17', port: 5432, env: { POSTGRES_PASSWORD: 'x', DEBUG: true } },
      aws: { localstack: ['s3', 'sqs'], image: 'localstack/localstack:4', memory: '1GiB' },
      moto: { url: 'http://127.0.0.1:5000/', aws: ['kms'] },
    });
    expect(planOf(scenario).containers!.map(({ link: { id, role, rttMs } }) => [id, role, rttMs])).toEqual([
      ['stack/us-east/cache', 'tcp', 3],
      ['stack/us-east/jobs', 'tcp', 1],
      ['stack/us-east/aws', 'service', 1],
      ['stack/us-east/moto', 'service', 1],
    ]);
    expect(scenario.topology.containers!.map(({ source }) => source)).toMatchObject([
      { type: 'image', scheme: 'redis' },
      { type: 'image', scheme: 'postgres', environment: { POSTGRES_PASSWORD: 'x', DEBUG: 'true' } },
      { type: 'localstack', image: 'localstack/localstack:4', limits: { memoryMb: 1024 } },
      { type: 'url', origin: 'http://127.0.0.1:5000' },
    ]);
  });

  it.each<[object, RegExp]>([
    [{ cache: {} }, /containers\.cache\.image: is missing; expected an image, or localstack, or url/],
    [{ cache: { image: 'redis:8' } }, /containers\.cache\.port: is missing/],
    [{ cache: { ...redis, url: 'http://127.0.0.1:1' } }, /containers\.cache\.image: stands beside url/],
    [{ aws: { localstack: ['s3'], port: 4566 } }, /containers\.aws\.port: stands beside localstack/],
    [{ aws: { localstack: ['ec3'] } }, /containers\.aws\.localstack\[0\]: expected one of s3, sqs/],
    [{ cache: { url: 'redis://10.0.0.1:6379' } }, /containers\.cache\.url: expected http.*or a port of this machine/],
    [{ cache: { ...redis, memory: '64MB' } }, /containers\.cache\.memory: expected memory with its unit, such as 256MiB/],
    [{ cache: { ...redis, memory: '1MiB' } }, /containers\.cache\.memory: expected memory between 6MiB/],
    [{ cache: { ...redis, ready: { log: '(' } } }, /containers\.cache\.ready\.log: is no regular expression/],
    [{ a: { localstack: ['s3'] }, b: { localstack: ['s3'] } }, /containers\.b\.localstack: SDKs find s3 in a already/],
    [
      { 'azure-eastus': redis },
      /containers\.azure-eastus: the variable SQUALL_ADDRESS_AZURE_EASTUS is that of the link to azure\/eastus; expected another name/,
    ],
    [{ sut: redis }, /containers\.sut: is the system under test; expected another name/],
    [{ cache: { ...redis, prot: 1 } }, /containers\.cache\.prot: no setting is called "prot"/],
  ])('are refused where they can not be: %j', (containers, problem) => {
    expect(problemsWith(containers).join('\n')).toMatch(problem);
  });

  it('may be called as a region that the topology has not', () => {
    expect(problemsWith({ 'aws-us-east-1': redis })).toEqual([]);
  });

  it('have no name of a node of the stack', () => {
    const { problems } = resolveScenario(
      { ...content({ queue: redis }), load: { rate: '10/s', timeout: '2s', door: 'jobs' } },
      'x',
    );
    expect(problems!.map(({ message }) => message)).toEqual([expect.stringMatching(/is a node of the reference stack/)]);
  });
});

describe('faults on containers', () => {
  it.each(['node-kill', 'node-pause', 'node-limits', 'toxic', 'half-open'])('can be %s', (kind) => {
    expect(problemsWith({ cache: redis }, [{ kind, target: 'stack/us-east/cache', ...at }])).toEqual([]);
  });

  it('can be on requests where it speaks HTTP, and not where it does not', () => {
    for (const fault of [{ kind: 'error-burst' }, { kind: 'latency-spike' }, { kind: 'region-outage', mode: 'http-5xx' }]) {
      const faults = [{ ...fault, target: 'stack/us-east/cache', ...at }];
      expect(problemsWith({ cache: { ...redis, http: true } }, faults)).toEqual([]);
      expect(problemsWith({ cache: redis }, faults)).toEqual([expect.stringMatching(/matches no link/)]);
    }
  });

  it.each(['node-kill', 'node-pause', 'node-limits'])('can not be %s for what the user has started', (kind) => {
    const moto = { url: 'http://127.0.0.1:5000' };
    expect(problemsWith({ moto }, [{ kind, target: 'stack/us-east/moto', ...at }])).toEqual([
      expect.stringMatching(/matches no link/),
    ]);
  });

  it('ask only containers to end before they kill them', () => {
    const jobs = { ...content({ cache: redis }), load: { rate: '10/s', timeout: '2s', door: 'jobs' } };
    const stop = (target: string) =>
      resolveScenario({ ...jobs, faults: [{ kind: 'node-kill', mode: 'stop', target, ...at }] }, 'x').problems;
    expect(stop('stack/us-east/cache')).toBeUndefined();
    expect(stop('stack/us-east/queue')!.map(({ message }) => message)).toEqual([expect.stringMatching(/is no container/)]);
  });

  it('hold for a system of the user, while those on nodes of the reference stack are refused', () => {
    const jobs = { ...content({ cache: redis }), load: { rate: '10/s', timeout: '2s' } };
    const scenario = resolveScenario({ ...jobs, faults: [{ kind: 'node-kill', target: 'stack/us-east/cache', ...at }] }, 'x');
    expect(() => refuseForSut(planOf(scenario.scenario!))).not.toThrow();
    const [fault] = scenario.scenario!.faults;
    const foreign = { ...scenario.scenario!, faults: [{ ...fault!, targets: ['stack/us-east/queue'] }] };
    expect(() => refuseForSut(planOf(foreign))).toThrow(/acts on a node of the reference stack \(stack\/us-east\/queue\)/);
  });
});

describe('a scenario with containers', () => {
  it('is refused by the simulated world, before the run', async () => {
    const pool = createSimPool({ workers: 1 });
    await expect(pool.run(planOf(resolved({ cache: redis })))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: 'x has containers (cache), and the simulated world has none.',
    });
    await pool.close();
  });

  it('is refused where one runs on another machine', async () => {
    const plan = planOf(resolved({ moto: { url: 'http://moto.example:5000' } }));
    await expect(openForPlan(plan, undefined)).rejects.toMatchObject({
      code: 'BAD_FLAG',
      message: expect.stringContaining('x, topology.containers.moto.url: moto.example is not this machine'),
    });
  });

  it.each([
    [{ cpus: 99 }, [], 'x, topology.containers.cache.cpus: expected at most the 2 processors of this machine, got 99.'],
    [
      {},
      [{ kind: 'node-limits', target: 'stack/us-east/cache', cpus: 3, ...at }],
      'x, fault node-limits, cpus: expected at most the 2 processors of this machine, got 3.',
    ],
  ])('is refused where it is to have more processors than there are: %j %j', (limits, faults, message) => {
    const plan = planOf(resolved({ cache: { ...redis, ...limits } }, faults));
    expect(() => refuseLimits(plan, 2)).toThrow(expect.objectContaining({ code: 'BAD_SCENARIO', message }));
    expect(() => refuseLimits(plan, 128)).not.toThrow();
  });

  it('needs no engine where all run already', async () => {
    expect(await openForPlan(planOf(resolved({ moto: { url: 'http://127.0.0.1:5000' } })), undefined)).toBeUndefined();
  });
});
