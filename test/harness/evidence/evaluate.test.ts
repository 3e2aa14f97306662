import { beforeAll, describe, expect, it } from 'vitest';
import { evaluateControl } from '../../../harness/evidence/evaluate.ts';
import { readFrameworks } from '../../../harness/evidence/frameworks.ts';
import type { ReportedRun } from '../../../harness/evidence/reported-run.ts';
import { asRead, reportOf } from '../../support/evidence.ts';

let outage: ReportedRun;
let noFailover: ReportedRun;
let allDark: ReportedRun;
let restore: ReportedRun;
let noBackup: ReportedRun;
let regionLoss: ReportedRun;
let residency: ReportedRun;

beforeAll(async () => {
  outage = asRead(await reportOf('region-outage'));
  noFailover = asRead(await reportOf('region-outage', 'no-failover'));
  allDark = asRead(await reportOf('total-outage'));
  restore = asRead(await reportOf('dr-restore-from-backup'));
  noBackup = asRead(await reportOf('dr-restore-from-backup', 'no-backup'));
  regionLoss = asRead(await reportOf('dr-region-loss'));
  residency = asRead(await reportOf('data-residency'));
}, 60_000);

const evaluate = (framework: string, id: string, runs: readonly ReportedRun[]) => {
  const control = readFrameworks([framework])[0]!.controls.find((one) => one.id === id)!;
  return evaluateControl(control, runs);
};

/** The same run, but for some of it. */
const but = (run: ReportedRun, change: Partial<ReportedRun>): ReportedRun => ({ ...run, ...change });

describe('evidence for a control', () => {
  it('given no run that bears on it, then it is not tested', () => {
    expect(evaluate('nist-800-53', 'CP-10', [outage]).status).toBe('not-tested');
    expect(evaluate('nist-800-53', 'AU-6', [outage, restore]).status).toBe('not-tested');
    expect(evaluate('dora', 'Art. 26', [outage, restore, regionLoss]).status).toBe('not-tested');
  });

  it('given a restore from a backup with measured point and time, then recovery has evidence, with what was measured', () => {
    const { status, parts } = evaluate('nist-800-53', 'CP-10', [outage, restore]);
    expect(status).toBe('passed');
    expect(parts[0]!.runs).toEqual([
      {
        run: 1,
        outcome: 'passed',
        faults: ['disks-lost'],
        measured: [
          expect.stringMatching(/^rpo in disks-lost was .*, required <= 3000 ms/),
          expect.stringMatching(/^rto in disks-lost was .*, required <= 12 s/),
        ],
      },
    ]);
    // Another region took nothing over here.
    expect(parts[1]!.status).toBe('not-tested');
  });

  it('given a region that is lost and another that takes over, then the part about backups has no evidence', () => {
    const { parts } = evaluate('nist-800-53', 'CP-10', [regionLoss]);
    expect(parts.map(({ status }) => status)).toEqual(['not-tested', 'passed']);
  });

  it('given a run that failed, then it is shown as failed, beside one that passed', () => {
    const { status, parts } = evaluate('nist-800-53', 'CP-10', [restore, noBackup]);
    expect(status).toBe('failed');
    expect(parts[0]!.runs.map(({ outcome }) => outcome)).toEqual(['passed', 'failed']);
  });

  it('given a run that failed by something else, then it speaks against the part all the same, and says why', () => {
    const [part] = evaluate('iso-27001', '8.14', [noFailover]).parts;
    expect(part!.runs[0]).toMatchObject({ outcome: 'failed', why: expect.stringMatching(/^the run failed: failoverTime/) });
  });

  it('given availability from the cache alone, then redundancy has no evidence', () => {
    const { status, parts } = evaluate('iso-27001', '8.14', [allDark]);
    expect(status).toBe('inconclusive');
    expect(parts[0]!.runs[0]).toMatchObject({
      outcome: 'unseen',
      why: expect.stringMatching(/^no request was answered by another place/),
    });
    expect(evaluate('iso-27001', '8.14', [allDark, outage]).status).toBe('passed');
  });

  it('given a run that could not be judged, then it is inconclusive', () => {
    const invalid = but(outage, { verdict: { outcome: 'invalid', reasons: ['steady state: no'] } });
    expect(evaluate('iso-27001', '8.14', [invalid])).toMatchObject({
      status: 'inconclusive',
      parts: [{ runs: [{ outcome: 'invalid', why: "the run can't be judged: steady state: no" }] }],
    });
  });

  it('given the same names without what was measured, then nothing bears on it', () => {
    const unmeasured = but(restore, { expectations: restore.expectations.filter(({ metric }) => metric !== 'rpo') });
    expect(evaluate('nist-800-53', 'CP-10', [unmeasured]).status).toBe('not-tested');
    const unfaulted = but(restore, { events: restore.events.filter(({ text }) => !text.startsWith('fault ')) });
    expect(evaluate('nist-800-53', 'CP-10', [unfaulted]).status).toBe('not-tested');
    const unrestored = but(restore, { events: restore.events.filter(({ text }) => !text.includes('backup')) });
    expect(evaluate('nist-800-53', 'CP-10', [unrestored]).status).toBe('inconclusive');
  });

  it('given bounds that nothing can break, then nothing was required, and nothing bears on it', () => {
    const expectations = outage.expectations.map((one) => {
      const { min: _, max: __, ...rest } = one;
      return { ...rest, min: 0 };
    });
    expect(evaluate('iso-27001', '8.14', [but(outage, { expectations })]).status).toBe('not-tested');
  });

  it('does not count the steady state, which is before any fault', () => {
    const expectations = outage.expectations.filter(({ isSteadyState }) => isSteadyState);
    expect(evaluate('dora', 'Art. 11', [but(outage, { expectations })]).status).toBe('not-tested');
  });

  it('given data that left its jurisdiction by adequacy, then safeguards have no evidence', () => {
    expect(evaluate('gdpr', 'Art. 44', [residency]).status).toBe('passed');
    expect(evaluate('gdpr', 'Art. 45', [residency]).status).toBe('passed');
    expect(evaluate('gdpr', 'Art. 46', [residency])).toMatchObject({ status: 'inconclusive' });
  });

  it('knows a metric by its name in either spelling', () => {
    const expectations = [
      {
        phase: 'all',
        metric: 'unauditedReads',
        isSteadyState: false,
        max: 0,
        actual: 0,
        samples: 100,
        outcome: 'met' as const,
        text: 'unauditedReads in all was 0, required <= 0 (n=100)',
      },
    ];
    expect(evaluate('nist-800-53', 'AU-6', [but(outage, { expectations })]).parts[0]!.status).toBe('passed');
  });
});
