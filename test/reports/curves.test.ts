import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import type { RecordedPoint } from '../../harness/scenario/scenario.ts';
import type { Link } from '../../harness/topology/link.ts';
import { judge } from '../../harness/verdict/judge.ts';
import type { RunReport } from '../../harness/verdict/report.ts';
import type { CallRecord } from '../../harness/world/call-log.ts';
import { curvesReporter } from '../../reports/curves/html.ts';
import { jsonReporter } from '../../reports/json.ts';
import { terminalReporter } from '../../reports/terminal.ts';
import { aPlan, aRecord, PRIMARY } from '../support/records.ts';
import { aPassedReport, written } from '../support/reports.ts';

const link: Link = {
  id: PRIMARY,
  provider: 'aws',
  region: 'us-east-1',
  service: 'sagemaker-runtime',
  role: 'inference',
  rttMs: 1,
};

/** Thirty seconds in which half the calls of the middle third fail, where the recording has six of ten. */
const report = (source = 'incident.csv, 60 times as fast'): RunReport => {
  const isOff = (second: number) => second >= 10 && second < 20;
  const points = Array.from(
    { length: 30 },
    (_, second): RecordedPoint => ({
      atMs: second * 1000,
      errorRate: isOff(second) ? 0.6 : 0,
      p50Ms: 40,
      p99Ms: null,
      price: null,
    }),
  );
  const calls = Array.from(
    { length: 600 },
    (_, index): CallRecord => ({
      linkId: PRIMARY,
      startMs: index * 50,
      tookMs: 44,
      status: isOff(Math.floor(index / 20)) && index % 2 === 0 ? 503 : 200,
    }),
  );
  const recorded = { source, stepMs: 1000, curves: [{ target: 'aws/us-east-1', points }] };
  return judge({ ...aPlan({ recorded }), links: [link] }, aRecord({ calls }));
};

const section = (output: string): string => /Recorded and reproduced\n([\s\S]*?)\n\n?Served by/.exec(output)?.[1] ?? '';

describe('recorded and reproduced curves', () => {
  it('are charts and figures on a terminal', () => {
    const shown = section(written(terminalReporter, [report()]).output);
    expect(shown).toContain('○ recorded (incident.csv, 60 times as fast)');
    expect(shown).toMatch(/aws\/us-east-1\s+error rate\s+20 %\s+3\.33 points\s+30 of 30/);
    expect(shown).toMatch(/aws\/us-east-1\s+p50\s+40 ms\s+4 ms\s+10 %\s+30 of 30/);
    expect(shown).not.toContain('p99');
    for (const line of shown.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(shown).not.toMatch(/ $/m);
  });

  it('show in a chart where they part and where they meet', () => {
    const shown = section(written(terminalReporter, [report()]).output);
    const rows = shown.split('\n').filter((line) => line.includes('│'));
    const errors = rows.map((row) => /│(.{0,28})/.exec(row)![1]!);
    // At the top what was recorded, below it what came of it, and at the bottom both.
    expect(errors[0]).toMatch(/^ {9,10}○{9,10} *$/);
    expect(errors[1]).toMatch(/^ {9,10}●{9,10} *$/);
    expect(errors.at(-1)).toMatch(/^◉{9,10} {9,10}◉{9,10} *$/);
  });

  it('are not mentioned where nothing was recorded', () => {
    expect(written(terminalReporter, [aPassedReport()]).output).not.toContain('Recorded and reproduced');
    expect(written(curvesReporter, [aPassedReport()]).output).toContain('nothing recorded to lay over the run');
  });

  it('are in JSON point by point', () => {
    const [run] = (JSON.parse(written(jsonReporter, [report()]).output) as { runs: readonly RunReport[] }).runs;
    expect(run!.curves![0]!.points).toHaveLength(30);
    expect(run!.curves![0]!.points[15]).toMatchObject({
      recorded: { errorRate: 0.6 },
      reproduced: { errorRate: 0.5 },
      calls: 20,
    });
  });

  it('are a page of charts that needs nothing from outside, the same for the same runs', () => {
    const { output } = written(curvesReporter, [report(), report()]);
    expect(output).toBe(written(curvesReporter, [report(), report()]).output);
    expect(output.match(/<svg /g)).toHaveLength(2);
    expect(output).toContain('<td>3.33 points</td>');
    expect(output).not.toMatch(/<script|<link|src=|href="http|@import/);
    const ids = [...output.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const svg of output.match(/<svg [\s\S]*?<\/svg>/g)!) expect(() => new SaxesParser().write(svg).close()).not.toThrow();
  });

  it('let no text of a recording into the markup', () => {
    const { output } = written(curvesReporter, [report('<script>alert(1)</script>.csv')]);
    expect(output).not.toContain('<script');
    expect(output).toContain('&lt;script');
  });
});
