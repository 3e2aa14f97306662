import { describe, expect, it } from 'vitest';
import type { RunReport } from '../../harness/verdict/report.ts';
import { squall } from '../support/squall.ts';

const SCENARIOS = ['region-outage', 'latency-spike', 'gray-failure'];
const SIM = ['run', ...SCENARIOS, '--world', 'sim', '--json'];

const namesIn = (stdout: string): readonly string[] =>
  (JSON.parse(stdout) as { readonly runs: readonly RunReport[] }).runs.map(({ scenario }) => scenario);

describe('squall run --shard', () => {
  it('runs every scenario in one shard, and says which are in it', async () => {
    const [first, second] = [await squall([...SIM, '--shard', '1/2']), await squall([...SIM, '--shard', '2/2'])];
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(namesIn(first.stdout)).toEqual(['region-outage', 'gray-failure']);
    expect(namesIn(second.stdout)).toEqual(['latency-spike']);
    expect(first.stderr).toContain('squall: shard 1/2 of 3 scenarios has 2: region-outage, gray-failure\n');
    expect(second.stderr).toContain('squall: shard 2/2 of 3 scenarios has 1: latency-spike\n');
  });

  it('goes by the number of a Kubernetes Indexed Job, and passes where nothing is left for it', async () => {
    const third = await squall([...SIM, '--shard', 'job/4'], { env: { JOB_COMPLETION_INDEX: '2' } });
    expect([third.code, namesIn(third.stdout)]).toEqual([0, ['gray-failure']]);
    const fourth = await squall([...SIM, '--shard', 'job/4'], { env: { JOB_COMPLETION_INDEX: '3' } });
    expect([fourth.code, namesIn(fourth.stdout)]).toEqual([0, []]);
    expect(fourth.stderr).toContain('squall: shard 4/4 of 3 scenarios has none\n');
  });

  it('fails when one of its own fails, and only then', async () => {
    const bad = [...SIM, '--design', 'no-failover'];
    expect((await squall([...bad, '--shard', '1/3'])).code).toBe(1);
    const mistake = ['run', 'region-outage', 'no-such-scenario', '--world', 'sim', '--json'];
    expect((await squall([...mistake, '--shard', '1/2'])).code).toBe(0);
    expect((await squall([...mistake, '--shard', '2/2'])).code).toBe(2);
  });
});
