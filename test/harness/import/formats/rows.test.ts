import { describe, expect, it } from 'vitest';
import { csvOf, HEADER, importText, minutes, refusalOf } from '../../../support/imports.ts';

const outage = minutes('us-east-1', 60, (minute) => (minute >= 20 && minute < 35 ? { errorRate: 0.4 } : {}));

const asJson = (rows: readonly string[]): readonly Readonly<Record<string, unknown>>[] =>
  rows.map((row) => {
    const [time, region, errorRate, p50, p99] = row.split(',');
    return { time, region, errorRate: Number(errorRate), p50: Number(p50), p99: Number(p99) };
  });

describe('rows of an incident', () => {
  it('are the same scenario from CSV, from JSON, from JSON lines, and from rows under a name', () => {
    const csv = importText('incident.csv', csvOf(outage));
    expect(csv.format).toBe('csv');
    expect(csv.draft.faults).toMatchObject([
      { kind: 'error-burst', target: 'aws/us-east-1', atMs: 100_000, forMs: 75_000, probability: 0.4 },
    ]);
    const rows = asJson(outage);
    const texts = [
      JSON.stringify(rows),
      rows.map((row) => JSON.stringify(row)).join('\n'),
      JSON.stringify({ data: rows }, null, 2),
    ];
    for (const text of texts) {
      const json = importText('incident.json', text);
      expect(json.format).toBe('json');
      expect(json.draft.faults).toEqual(csv.draft.faults);
      expect(json.draft.recorded?.curves).toEqual(csv.draft.recorded?.curves);
    }
  });

  it('may have semicolons, a byte order mark, comments, quotes, and any order', () => {
    const text = `\uFEFF# from the dashboard\r\n${csvOf(outage.toReversed()).replaceAll(',', ';').replaceAll('us-east-1', '"us-east-1"').replaceAll('\n', '\r\n')}`;
    expect(importText('incident.csv', text).draft.faults).toEqual(importText('incident.csv', csvOf(outage)).draft.faults);
  });

  it('may count instead of tell shares', () => {
    const counted = outage.map((row) => {
      const [time, region, errorRate] = row.split(',');
      return [time, region, 1000, Math.round(Number(errorRate) * 1000), Number(errorRate) > 0.1 ? 300 : 0].join(',');
    });
    const { draft } = importText('incident.csv', csvOf(counted, 'time,region,requests,errors,throttled'));
    expect(draft.faults.map(({ kind, probability }) => [kind, probability])).toEqual([
      ['error-burst', 0.1],
      ['throttling', undefined],
    ]);
    expect(draft.faults[1]?.settings).toEqual({ requestsPerS: 21 });
  });

  it('may name provider and region apart, or no region at all where the user says it', () => {
    const apart = outage.map((row) => row.replace('us-east-1', 'GCP,us-central1'));
    expect(importText('i.csv', csvOf(apart, HEADER.replace('region', 'provider,region'))).draft.faults[0]?.target).toBe(
      'google/us-central1',
    );
    const none = outage.map((row) => row.replace('us-east-1,', ''));
    const header = HEADER.replace('region,', '');
    expect(importText('i.csv', csvOf(none, header), { region: 'azure/eastus' }).draft.faults[0]?.target).toBe('azure/eastus');
    expect(refusalOf('i.csv', csvOf(none, header))).toContain(
      'i.csv:2:1: names no region; expected a column region, or --region',
    );
  });

  it('may end in empty cells, as spreadsheets end them', () => {
    const text = csvOf(outage.map((row) => `${row},,`));
    expect(importText('i.csv', text).draft.faults).toEqual(importText('i.csv', csvOf(outage)).draft.faults);
  });

  it('list what has no place, and what is of no known region', () => {
    const rows = [...outage, ...minutes('on-premises', 60, () => ({}))].map((row) => `${row},7`);
    const { unimported, yaml } = importText('i.csv', csvOf(rows, `${HEADER},cpu_load`));
    expect(unimported.map(({ what, why }) => [what, why])).toEqual([
      ['column cpu_load', 'no field has that name; --column <field>=<name> says what it holds'],
      ['series on-premises', 'no region is known by that name; --map on-premises=aws/us-east-1 says which it is'],
    ]);
    expect(yaml).toContain('# Not imported:\n# - column cpu_load (header):');
  });

  it('are of the regions that they are mapped to, together where two are mapped to one', () => {
    const rows = [...outage, ...minutes('zone-b', 60, () => ({ errorRate: 0 }))];
    const { draft } = importText('i.csv', csvOf(rows), { map: { 'ZONE-B': 'aws/us-east-1' } });
    expect(draft.faults).toMatchObject([{ target: 'aws/us-east-1', probability: 0.2 }]);
  });

  it.each([
    ['a share', csvOf(outage).replace(',0.4,', ',40,'), /^i\.csv:22:36: error_rate "40" is no share; expected 0 to 1/],
    ['a time', csvOf(outage).replace(/\n2026-10-20T06:03/, '\nyesterday'), /^i\.csv:5:1: time "yesterday:00.000Z" is no time/],
    ['no time column', csvOf(outage, HEADER.replace('time', 'x')), /^i\.csv:1:1: no column holds the time; .*Columns: x, region/],
    [
      'no measure',
      csvOf(['2026-01-01T00:00:00Z,us-east-1'], 'time,region'),
      /no column holds an error rate, a latency or a price/,
    ],
    ['no rows', `${HEADER}\n`, /has no row below its header/],
    ['an open quote', `${HEADER}\n"2026`, /^i\.csv:2: not CSV: /],
    ['nothing', '\n  \n', /is empty/],
    [
      'no known region',
      csvOf(minutes('mars', 5, () => ({}))),
      /no series is of a region that is known: mars\. Say which region each is: --map mars=/,
    ],
    [
      'more errors than requests',
      'time,region,requests,errors\n2026-01-01T00:00:00Z,us-east-1,5,6\n',
      /^i\.csv:2:\d+: 6 of 5 requests/,
    ],
    [
      'a count without requests',
      'time,region,errors\n2026-01-01T00:00:00Z,us-east-1,6\n',
      /errors is a count, and the row has no requests/,
    ],
    [
      'more cells than the header',
      csvOf(outage).replace(',0.4,', ',0,4,'),
      /^i\.csv:22: 6 cells, and the header has 5: a cell that holds "," takes quotes, and numbers have a decimal point/,
    ],
  ])('are refused with file, line and column: %s', (_, text, message) => {
    expect(refusalOf('i.csv', text)).toMatch(message);
  });

  it.each([
    ['a broken document', '[\n  {"time": 1,\n]', /^i\.json:3:1: not JSON: /],
    ['a cut document', '[{"time": 1}', /^i\.json:1:13: not JSON: /],
    ['a broken line', '{"time":1,"region":"us-east-1","p50":3}\n{"time":2,\n', /^i\.json:2:\d+: not JSON: /],
    [
      'a wrong value',
      '[\n {"time":1,"region":"us-east-1","error_rate":7}\n]',
      /^i\.json:2:46: \[0\]\.error_rate: error_rate "7" is no share/,
    ],
    [
      'a wrong value in a line',
      '{"time":1,"region":"us-east-1","p50":3}\n{"time":2,"region":"us-east-1","p50":"x"}',
      /^i\.json:2:\d+: p50: p50 "x" is no duration/,
    ],
    ['a list of no objects', '[1, 2]', /no column holds the time/],
    ['another object', '{"a": 1}', /no column holds the time; .*Columns: a/],
  ])('are refused in JSON: %s', (_, text, message) => {
    expect(refusalOf('i.json', text)).toMatch(message);
  });

  it('take columns by the names that the user gives, and refuse names that are not there', () => {
    const rows = minutes('us-east-1', 30, () => ({}));
    const header = 'when,region,bad,p50_ms,p99_ms';
    const { draft } = importText('i.csv', csvOf(rows, header), { columns: { time: 'when', errorRate: 'bad' } });
    expect(draft.recorded?.curves['aws/us-east-1']?.[0]).toMatchObject({ errorRate: '0.1%' });
    expect(refusalOf('i.csv', csvOf(rows, header), { columns: { time: 'wen' } })).toContain(
      'no column is called "wen". Did you mean "when"?',
    );
    expect(refusalOf('i.csv', csvOf(rows, header), { columns: { tim: 'when' } })).toContain(
      'no field is called "tim". Did you mean "time"?',
    );
  });
});
