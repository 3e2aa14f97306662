import { describe, expect, it } from 'vitest';
import { judge } from '../../harness/verdict/judge.ts';
import type { RunReport } from '../../harness/verdict/report.ts';
import { reporters } from '../../reports/index.ts';
import type { Progress } from '../../reports/reporter.ts';
import { aFault, aPlan, aRecord } from '../support/records.ts';
import { aFailedReport, anInvalidReport, aPassedReport, written } from '../support/reports.ts';

const terminal = reporters.terminal!;
const ESCAPE = '\u001b';
const text = (...reports: readonly RunReport[]) => written(terminal, reports).output;

describe('terminal report of a run', () => {
  it('given a failed run, then it tells verdict, reasons, phases, expectations, who served, events and method', () => {
    expect(text(aFailedReport())).toBe(`\
region-outage: A whole region refuses connections
design reference · live · seed 1 · 30 s

FAILED  4 of 6 expectations met
  - p99 in region-outage was 812 ms, required <= 300 ms (n=1000)

Faults
  region-outage  ─────────────██████████████─────────────  10 s to 20 s
                 region-outage on aws/us-east-1

Phases
  phase          requests  avail.  goodput  p50  p99  degr.  accur.   cost
                                %       /s   ms   ms      %       %   $/1k
  baseline           1000     100      100   20   20      0     100    0.5
  region-outage      1000      96       96   60  812   8.33   91.67   1.82
  recovery           1000     100      100   20   20      0     100    0.5
  all                3000   98.67     98.7   20  812    2.7    97.3  0.929

Failover and recovery
  region-outage  failover 1200 ms (99 % for 2 s), recovery 0 ms (99 % for 2 s)

Steady state
  ✓  availability  baseline  100 %  >= 99 %  n=1000

Expectations
  ✓  availability  region-outage     96 %  >= 95 %     n=1000
  ✗  p99           region-outage   812 ms  <= 300 ms   n=1000
  ✓  failoverTime  region-outage  1200 ms  <= 3000 ms  n=1000
  ?  p999          recovery             –  <= 500 ms   n=1000
  ✓  costPer1k     all             $0.929  <= $2       n=2960

Not judged
  ?  p999 in recovery can't be judged: 1000 requests, at least 5000 are needed

Served by
  baseline       aws/us-east-1/sagemaker-runtime 100 %
  region-outage  google/us-central1/aiplatform 91.67 %, local/fallback-model
                 8.33 %
  recovery       aws/us-east-1/sagemaker-runtime 100 %

Cost
  $              served  compute  total  $/1k
  aws/us-east-1       0     2.75   2.75     –
  $330 an hour

Events
    0.0 s  load started
   10.0 s  fault region-outage started
   20.0 s  fault region-outage ended

Method
  Open-loop load with constant arrivals: latency counts from the time a request
  was due. A request belongs to the phase of its due time. Percentiles are over
  all requests of the phase, failed and timed-out ones counted until they were
  given up (HDR histogram, 3 significant digits). Available: a 2xx answer within
  2 s; goodput: within 300 ms. Failover and recovery time count undegraded
  success only, in steps of one request. Cost is the difference of the
  providers' meters at the edges of the phase.

`);
  });

  it('given a passed run, then the verdict has no reasons', () => {
    expect(text(aPassedReport())).toMatch(/\nPASSED {2}1 of 1 expectation met\n\nFaults\n/);
  });

  it('given a run that ended before its fault, then phases without numbers say so', () => {
    const output = text(anInvalidReport());
    expect(output).toContain(
      '\nINVALID  0 of 1 expectation met\n  - the system under test went away at 5 s: the gateway exited with code 1\n',
    );
    expect(output).toMatch(/\n {2}recovery +0 +– +– +– +– +– +– +–\n/);
    expect(output).toContain('  region-outage  failover not measurable, recovery not measurable\n');
  });

  it('given few samples, then the numbers are marked, and the mark is explained', () => {
    const report = judge(aPlan(), aRecord({ requests: aRecord().requests.slice(0, 100) }));
    expect(text(report)).toMatch(/\n {2}baseline +100 +100 +10 +20 +~20 /);
    expect(text(report)).toContain('\n  ~ too few samples to judge by\n');
    expect(text(aPassedReport())).not.toContain('~');
  });

  it('given a reason that is told with the verdict, then it is not told again', () => {
    const report = judge(aPlan({ expectations: [{ phase: 'recovery', metric: 'p999', max: 500 }] }), aRecord());
    expect(text(report)).toContain("\n  - p999 in recovery can't be judged: 1000 requests, at least 5000 are needed\n");
    expect(text(report)).not.toContain('Not judged');
  });

  it('given several runs, then a summary ends the report', () => {
    const output = text(aPassedReport(), aFailedReport());
    expect(output).toMatch(/\n2 runs\n {2}PASSED {2}region-outage {2}reference\n {2}FAILED {2}region-outage {2}reference\n$/);
    expect(text(aPassedReport())).not.toContain('1 runs');
  });

  it('given a system of the user, then the summary names it', () => {
    const report = { ...aPassedReport(), sut: 'node server.js' };
    const { output } = written(reporters.terminal!, [report, report]);
    expect(output).toMatch(/\n {2}PASSED {2}region-outage {2}node server\.js\n$/);
  });

  it('keeps to 80 columns with names of the usual length', () => {
    const plan = aPlan({
      faults: [
        aFault({
          name: 'credential-revocation',
          kind: 'credential-revocation',
          targets: Array(9).fill('azure/west-europe/entra'),
        }),
      ],
      expectations: [{ phase: 'credential-revocation', metric: 'degradedShare', min: 0.0005, max: 0.1234 }],
    });
    const lines = text(
      judge(plan, aRecord({ end: { type: 'broken', atMs: 25_000, text: 'an emulator died '.repeat(20) } })),
    ).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('given more events than can be read, then the first and last are shown, and how many are between', () => {
    const events = Array.from({ length: 100 }, (_, index) => ({ atMs: index * 100, text: `event ${index}` }));
    const output = text(judge(aPlan(), aRecord({ events })));
    expect(output).toContain('    0.9 s  event 9\n           ... 85 more (reporter json has them all)\n    9.5 s  event 95\n');
    expect(output).not.toContain('event 10\n');
  });

  it('colours only where colours are wanted', () => {
    expect(text(aFailedReport())).not.toContain(ESCAPE);
    const coloured = written(terminal, [aFailedReport()], true).output;
    expect(coloured).toContain(`${ESCAPE}[31m`);
    // The colours change nothing else.
    expect(coloured.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')).toBe(text(aFailedReport()));
  });

  it('given control sequences in the words of an exited process, then they do not reach the terminal', () => {
    const end = { type: 'broken', atMs: 1, text: `${ESCAPE}[2Jgone\r\nwith\u0007 \u009b31mbells` } as const;
    const output = text(judge(aPlan(), aRecord({ end, events: [{ atMs: 1, text: end.text }] })));
    expect(output).toContain('the run broke at 0 s: gone with bells\n');
    expect(output.replaceAll('\n', '')).toMatch(/^\P{Cc}*$/u);
  });
});

describe('progress line', () => {
  const progress: Progress = {
    scenario: 'region-outage',
    design: 'reference',
    elapsedMs: 12_345,
    durationMs: 30_000,
    faults: [{ atMs: 10_000, forMs: 10_000 }],
    phase: 'region-outage',
    availability: 0.9876,
    p99Ms: 213.4,
  };

  /** A terminal that remembers what was written to each side. */
  const watching = (columns: number) => {
    const writes: string[] = [];
    const reports: string[] = [];
    const reporter = terminal.create({
      write: (line) => reports.push(line),
      progress: { write: (line) => writes.push(line), columns },
      hasColor: false,
    });
    return { reporter, writes, reports };
  };

  it('shows how far the run has come, its faults, and live availability and p99', () => {
    const { reporter, writes, reports } = watching(120);
    reporter.onProgress?.(progress);
    expect(writes).toEqual([
      `\r${ESCAPE}[2K━━━━━━━━━━███░░░░░░░──────────  12.3/30 s  avail. 98.8 %  p99 213 ms  region-outage  region-outage/reference`,
    ]);
    expect(reports).toEqual([]);
  });

  it('given warm-up and no answers yet, then it says so', () => {
    const { reporter, writes } = watching(120);
    reporter.onProgress?.({ ...progress, elapsedMs: -1500, phase: 'warm-up', availability: null, p99Ms: null });
    expect(writes[0]).toContain(
      '──────────░░░░░░░░░░──────────  1.5 s to start  avail. –  p99 –  warm-up  region-outage/reference',
    );
  });

  it.each([20, 60, 80])('never reaches the last of %d columns, where a terminal would wrap', (columns) => {
    const { reporter, writes } = watching(columns);
    reporter.onProgress?.(progress);
    expect(writes[0]!.replace(`\r${ESCAPE}[2K`, '').length).toBeLessThan(columns);
  });

  it('is gone before the report is written', () => {
    const { reporter, writes, reports } = watching(100);
    reporter.onProgress?.(progress);
    reporter.onRunEnd?.(aPassedReport());
    expect(writes.at(-1)).toBe(`\r${ESCAPE}[2K`);
    expect(reports.join('')).not.toContain(ESCAPE);
  });

  it('given nobody watches, then nothing is written until the run ends', () => {
    const reports: string[] = [];
    const reporter = terminal.create({ write: (line) => reports.push(line), hasColor: false });
    reporter.onProgress?.(progress);
    expect(reports).toEqual([]);
  });

  it('given no progress was shown, then there is nothing to clear', () => {
    expect(written(terminal, [aPassedReport()]).progress).toBe('');
  });
});
