import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { casesOf, designsOf } from '../../bench/agreement/cases.ts';
import { BOUNDS, compare } from '../../bench/agreement/compare.ts';
import { type Figures, figuresOf, medianOf, type Sample, sampleOf } from '../../bench/agreement/figures.ts';
import { problemsOf, toMarkdown, toTable } from '../../bench/agreement/table.ts';
import { loadScenario } from '../../harness/scenario/load-scenario.ts';
import type { PhaseReport, RunReport, Verdict } from '../../harness/verdict/report.ts';
import { aFailedReport, anInvalidReport, aPassedReport } from '../support/reports.ts';

const figures: Figures = { outcome: 'passed', availability: 0.99, p50Ms: 30, p99Ms: 60, failoverMs: 1000 };
const sample = (changes: Partial<Figures> = {}): Sample => ({ runs: 1, invalid: [], figures: { ...figures, ...changes } });
const agreementOf = (live: Partial<Figures>, sim: Partial<Figures>) => compare(sample(live), sample(sim));
const disagreement = (text: string) => ({ type: 'disagrees', about: [expect.stringContaining(text)] });

describe('what two worlds tell', () => {
  it('agrees with itself', () => {
    expect(agreementOf({}, {})).toEqual({ type: 'agrees' });
  });

  it('disagrees on another verdict, whatever the figures', () => {
    expect(agreementOf({ outcome: 'failed' }, {})).toMatchObject(disagreement('failed live, passed sim'));
  });

  it('disagrees where live itself is of two minds', () => {
    expect(agreementOf({ outcome: 'mixed' }, { outcome: 'mixed' })).toMatchObject(disagreement('verdict'));
  });

  it('agrees on an availability within one point, in both directions', () => {
    expect(agreementOf({ availability: 0.99 }, { availability: 1 })).toEqual({ type: 'agrees' });
    expect(agreementOf({ availability: 0.99 }, { availability: 0.9799 })).toMatchObject(disagreement('availability'));
    expect(agreementOf({ availability: 0.97 }, { availability: 0.9801 })).toMatchObject(disagreement('availability'));
  });

  it('agrees on a median within 15 % of live', () => {
    expect(agreementOf({ p50Ms: 100 }, { p50Ms: 85 })).toEqual({ type: 'agrees' });
    expect(agreementOf({ p50Ms: 100 }, { p50Ms: 84.9 })).toMatchObject(disagreement('p50: 100.0 ms live, 84.9 ms sim'));
    expect(agreementOf({ p50Ms: 100 }, { p50Ms: 115.1 })).toMatchObject(disagreement('p50'));
  });

  it('prints the 99th percentile without a bound on it', () => {
    expect(agreementOf({ p99Ms: 60 }, { p99Ms: 600 })).toEqual({ type: 'agrees' });
  });

  it('agrees on a failover time within 20 % of live', () => {
    expect(agreementOf({ failoverMs: 1000 }, { failoverMs: 1200 })).toEqual({ type: 'agrees' });
    expect(agreementOf({ failoverMs: 1000 }, { failoverMs: 1201 })).toMatchObject(disagreement('failover'));
    expect(agreementOf({ failoverMs: 1000 }, { failoverMs: 799 })).toMatchObject(disagreement('failover'));
  });

  it('agrees on failover times that are less apart than requests can tell, and no further', () => {
    expect(agreementOf({ failoverMs: 0 }, { failoverMs: BOUNDS.failoverFloorMs })).toEqual({ type: 'agrees' });
    expect(agreementOf({ failoverMs: 0 }, { failoverMs: BOUNDS.failoverFloorMs + 1 })).toMatchObject(disagreement('failover'));
  });

  it('tells never, a time, and nothing to measure apart', () => {
    expect(agreementOf({ failoverMs: null }, { failoverMs: null })).toEqual({ type: 'agrees' });
    expect(agreementOf({ failoverMs: null }, { failoverMs: 0 })).toMatchObject(disagreement('never live, 0.0 ms sim'));
    const { failoverMs: _, ...unmeasurable } = figures;
    const without: Sample = { runs: 1, invalid: [], figures: unmeasurable };
    expect(compare(without, without)).toEqual({ type: 'agrees' });
    expect(compare(without, sample({ failoverMs: null }))).toMatchObject(disagreement('not measurable live, never sim'));
  });

  it('names each figure that is out of its bound', () => {
    const result = agreementOf({}, { outcome: 'failed', availability: 0.5, p50Ms: 300, failoverMs: null });
    expect(result.type === 'disagrees' && result.about).toHaveLength(4);
  });

  it('never agrees on invalid live runs, whatever sim says', () => {
    const busy: Sample = { runs: 1, invalid: ['the machine was too busy'] };
    expect(compare(busy, sample())).toMatchObject({ type: 'not-judged', why: expect.stringContaining('too busy') });
    expect(compare(busy, busy)).toMatchObject({ type: 'not-judged' });
  });

  it('needs half of the live runs to be valid', () => {
    const invalid = ['busy', 'busy'];
    expect(compare({ runs: 4, invalid, figures }, sample())).toEqual({ type: 'agrees' });
    expect(compare({ runs: 3, invalid, figures }, sample())).toMatchObject({ type: 'not-judged' });
  });

  it('holds an invalid simulated run against the model', () => {
    expect(compare(sample(), { runs: 1, invalid: ['steady state'] })).toMatchObject(disagreement('sim is invalid: steady state'));
  });

  it('agrees within the bounds of any figures, and not beyond', () => {
    const share = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 1, max: 5000, noNaN: true }), share, (p50Ms, times) => {
        // Not at the bound itself, where rounding decides.
        fc.pre(Math.abs(Math.abs(times) - 1) > 1e-6);
        const result = agreementOf({ p50Ms }, { p50Ms: p50Ms * (1 + times * BOUNDS.p50Share) });
        expect(result.type).toBe(Math.abs(times) < 1 ? 'agrees' : 'disagrees');
      }),
    );
  });
});

describe('medians', () => {
  it('are the middle value, or the mean of the two in the middle', () => {
    expect(medianOf([3, 1, 2])).toBe(2);
    expect(medianOf([4, 1, 2, 3])).toBe(2.5);
    expect(medianOf([7])).toBe(7);
  });

  it('have as many values below as above', () => {
    fc.assert(
      // Without ties, which put more on one side.
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 1 }), (values) => {
        const median = medianOf(values);
        expect(values.filter((value) => value < median).length).toBe(values.filter((value) => value > median).length);
      }),
    );
  });
});

const report = (verdict: Verdict, changes: Partial<PhaseReport>, failoverTimesMs: readonly (number | null)[] = []): RunReport => {
  const base = aPassedReport();
  const fault = base.phases.find(({ kind }) => kind === 'fault')!;
  return {
    ...base,
    verdict,
    overall: { ...base.overall, ...changes },
    phases: failoverTimesMs.map((failoverTimeMs) => ({ ...fault, failoverTimeMs })),
  };
};
const passed: Verdict = { outcome: 'passed' };

describe('the figures of a run', () => {
  it('are those of its whole timeline, with the failover time of its fault', () => {
    const failed = aFailedReport();
    expect(figuresOf(failed)).toEqual({
      outcome: 'failed',
      availability: failed.overall.availability,
      p50Ms: failed.overall.latencyMs?.p50,
      p99Ms: failed.overall.latencyMs?.p99,
      failoverMs: failed.phases[1]?.failoverTimeMs,
    });
  });

  it('have the longest failover of several faults, never being longest', () => {
    expect(figuresOf(report(passed, {}, [10, 30, 20])).failoverMs).toBe(30);
    expect(figuresOf(report(passed, {}, [10, null])).failoverMs).toBeNull();
    expect(figuresOf(report(passed, {}))).not.toHaveProperty('failoverMs');
  });
});

describe('several runs', () => {
  it('give their medians', () => {
    const runs = [0.9, 1, 0.95].map((availability) => report(passed, { availability }, [availability * 100]));
    expect(sampleOf(runs)).toMatchObject({ runs: 3, invalid: [], figures: { availability: 0.95, failoverMs: 95 } });
  });

  it('leave the invalid out, and say why they are', () => {
    const busy = report({ outcome: 'invalid', reasons: ['the machine was too busy'] }, { availability: 0 });
    const { invalid, figures: median } = sampleOf([busy, report(passed, { availability: 1 })]);
    expect(invalid).toEqual(['the machine was too busy']);
    expect(median).toMatchObject({ outcome: 'passed', availability: 1 });
  });

  it('have no figures when none is valid', () => {
    expect(sampleOf([anInvalidReport()])).not.toHaveProperty('figures');
  });

  it('are mixed when they end differently', () => {
    expect(sampleOf([aPassedReport(), aFailedReport()]).figures?.outcome).toBe('mixed');
  });

  it('never fail over when most of them do not', () => {
    const of = (...times: readonly (number | null)[]) =>
      sampleOf(times.map((ms) => report(passed, {}, [ms]))).figures?.failoverMs;
    expect(of(null, null, 5)).toBeNull();
    expect(of(null, 7, 5)).toBe(7);
  });
});

describe('cases', () => {
  it.each(['region-outage', 'retry-storm', 'correlated-outage'])(
    '%s comes with its own design and those that it breaks',
    async (name) => {
      const scenario = await loadScenario(name);
      const [good, ...bad] = designsOf(scenario);
      expect(good).toBe('reference');
      expect(bad).toEqual(scenario.badDesigns);
      expect(bad.length).toBeGreaterThan(0);
    },
  );

  it('are of the scenarios and designs that are asked for', async () => {
    const cases = await casesOf(['retry-storm'], ['reference']);
    expect(cases.map(({ scenario, designName }) => [scenario.name, designName])).toEqual([['retry-storm', 'reference']]);
  });

  it('refuse a scenario that does not ship', async () => {
    await expect(casesOf(['no-such-storm'], [])).rejects.toThrow('no-such-storm');
  });
});

describe('the table', () => {
  const busy: Sample = { runs: 3, invalid: ['busy', 'busy', 'busy'] };
  const rows = [
    {
      scenario: 'storm',
      design: 'good',
      live: sample(),
      sim: sample({ failoverMs: null }),
      agreement: agreementOf({}, { failoverMs: null }),
    },
    { scenario: 'storm', design: 'bad', live: busy, sim: sample(), agreement: compare(busy, sample()) },
  ];

  it('has a line for each world, and says what does not agree and what is not judged', () => {
    const lines = toMarkdown(rows).split('\n').slice(2);
    expect(lines).toEqual([
      '| storm | good | live | passed | 99.00 % | 30.0 | 60.0 | 1000 | NO |',
      '|  |  | sim | passed | 99.00 % | 30.0 | 60.0 | never |  |',
      '| storm | bad | live | 3 of 3 invalid | - | - | - | - | NOT JUDGED |',
      '|  |  | sim | passed | 99.00 % | 30.0 | 60.0 | 1000 |  |',
    ]);
    expect(toTable(rows)).toContain('NOT JUDGED');
  });

  it('has a sentence for each problem', () => {
    expect(problemsOf(rows)).toEqual([
      'storm, good: failover: 1000.0 ms live, never sim',
      'storm, bad: 3 of 3 live runs are invalid: busy',
    ]);
  });
});
