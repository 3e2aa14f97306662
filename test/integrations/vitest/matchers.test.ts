import { beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { type BoundText, defineScenario, type RunReport, runScenario } from '../../../integrations/vitest/index.ts';

const outage = defineScenario({
  name: 'matchers',
  topology: { regions: ['aws/us-east-1', 'google/us-east4'] },
  load: { rate: '60/s' },
  warmup: '500ms',
  duration: '14s',
  faults: [{ kind: 'region-outage', name: 'outage', target: 'aws/us-east-1', at: '3s', for: '6s' }],
  expect: { outage: { availability: { min: '95%' }, degradedShare: { max: '20%' } }, recovery: { availability: { min: '99%' } } },
});

/** What a matcher says, or nothing when it holds. */
const objection = (check: () => void): string => {
  try {
    check();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

let good: RunReport;
let bad: RunReport;
let invalid: RunReport;

beforeAll(async () => {
  good = await runScenario(outage);
  bad = await runScenario(outage, { design: 'no-failover' });
  invalid = await runScenario({ ...outage, name: 'too-few', load: { rate: '1/s' } });
}, 120_000);

describe('toPass', () => {
  it('holds for a verdict that is passed', () => {
    expect(good).toPass();
    expect(objection(() => expect(good).not.toPass())).toContain('matchers, design reference, passed');
  });

  it('fails with what broke, and the command’s own table', () => {
    const text = objection(() => expect(bad).toPass());
    expect(text).toMatch(/^matchers, design no-failover, failed:\n- degradedShare in outage was 100 %, required <= 20 %/);
    expect(text).toContain('FAILED');
    expect(text).toMatch(/phase +requests +avail/);
    expect(text).toMatch(/✗.* degradedShare +outage/);
    expect(bad).not.toPass();
  });

  it('fails either way when the run can’t be judged', () => {
    expect(objection(() => expect(invalid).toPass())).toMatch(/too-few can't be judged:\n- steady state/);
    expect(objection(() => expect(invalid).not.toPass())).toMatch(/too-few can't be judged/);
  });
});

describe('toMeet', () => {
  it.each<readonly [BoundText, string]>([
    ['availability >= 95%', 'outage'],
    ['availability >= 0.95', 'fault'],
    ['p50 <= 500ms', 'baseline'],
    ['goodput >= 20/s', 'recovery'],
    ['costPer1k <= $1', 'all'],
    ['budget <= 1.5', 'all'],
  ])('%s in %s holds', (bound, phase) => {
    expect(good).toMeet(bound, phase);
  });

  it('takes bounds as scenario files have them, of the whole timeline when no phase is named', () => {
    expect(good).toMeet({ availability: { min: '90%' }, p50: { max: '1s' } });
    expect(good).toMeet({ failoverTime: { max: '5s', objective: { success: '90%', window: '1s' } } }, 'outage');
  });

  it('fails with the numbers, and the command’s own table', () => {
    const text = objection(() => expect(bad).toMeet('degradedShare <= 20%', 'fault'));
    expect(text).toMatch(
      /^matchers, design no-failover, did not:\n- degradedShare in outage was 100 %, required <= 20 % \(n=\d+\)\n\n/,
    );
    expect(text).toMatch(/phase +requests +avail/);
    expect(bad).not.toMeet('degradedShare <= 20%', 'fault');
  });

  it('fails either way when too little was measured', () => {
    expect(objection(() => expect(good).toMeet('p999 <= 10s'))).toMatch(
      /too little was measured:\n- p999 in all can't be judged/,
    );
    expect(objection(() => expect(good).not.toMeet('p999 <= 10s'))).toMatch(/too little was measured/);
    expect(objection(() => expect(invalid).not.toMeet('availability >= 1%'))).toMatch(/can't be judged/);
  });

  it.each([
    ['availability > 99%', 'all', /Expected a metric, >= or <=, and a value, such as "availability >= 99%"/],
    ['availabilty >= 99%', 'all', /no metric is called "availabilty". Did you mean "availability"\?/],
    ['p99 <= 300', 'all', /p99.max: expected a duration with its unit/],
    ['availability >= 120%', 'all', /expected a share between 0% and 100%/],
    ['availability >= 99%', 'outrage', /The run has no phase "outrage". Phases: baseline, outage, recovery, all/],
    ['failoverTime <= 2s', 'baseline', /failoverTime has no meaning in baseline/],
  ])('%s in %s can’t be asked, whichever way', (bound, phase, message) => {
    expect(objection(() => expect(good).toMeet(bound as BoundText, phase))).toMatch(message);
    expect(objection(() => expect(good).not.toMeet(bound as BoundText, phase))).toMatch(message);
  });

  it('knows what a bound is, by its type', () => {
    expectTypeOf<'p99 <= 300ms'>().toExtend<BoundText>();
    expectTypeOf<'p98 <= 300ms'>().not.toExtend<BoundText>();
  });
});

describe('toFailOverWithin and toRecoverWithin', () => {
  it('hold for a design that fails over', () => {
    expect(good).toFailOverWithin('5s', { success: '90%', window: '1s' });
    expect(good).toRecoverWithin('5s', { fault: 'outage', success: '90%', window: '1s' });
  });

  it('fail for one that does not', () => {
    expect(objection(() => expect(bad).toFailOverWithin('5s'))).toMatch(
      /did not:\n- failoverTime in outage was never reached .* required <= 5000 ms/,
    );
    expect(bad).not.toFailOverWithin('5s');
  });

  it('want a fault that was there', () => {
    expect(objection(() => expect(good).toFailOverWithin('5s', { fault: 'quake' }))).toMatch(/no phase "quake"/);
  });
});

describe('what is no report', () => {
  it.each([[{}], [null], ['passed']])('%j is refused, whichever way', (value) => {
    expect(() => expect(value as never).toPass()).toThrow(/expected the report of a run/);
    expect(() => expect(value as never).not.toPass()).toThrow(/expected the report of a run/);
  });
});
