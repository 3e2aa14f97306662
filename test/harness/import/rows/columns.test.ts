import { describe, expect, it } from 'vitest';
import { bindColumns } from '../../../../harness/import/rows/columns.ts';
import { type Field, fieldNames, fields } from '../../../../harness/import/rows/fields.ts';
import { readCell } from '../../../../harness/import/rows/values.ts';

const bound = (name: string) => bindColumns([name], {}).columns[0];

describe('columns', () => {
  it.each(fieldNames)('%s is known by each of its names, and by no other field', (field) => {
    for (const name of (fields[field] as Field).names) expect(bound(name)?.field).toBe(field);
  });

  it.each([
    ['p99_ms', 'p99', 'ms'],
    ['p99Ms', 'p99', 'ms'],
    ['latency p99 (ms)', 'p99', 'ms'],
    ['Latency P50 [s]', 'p50', 's'],
    ['error rate %', 'errorRate', 'percent'],
    ['errorRatePct', 'errorRate', 'percent'],
    ['timestamp_us', 'time', 'us'],
    ['throttled_rate', 'throttled', 'share'],
    ['throttled', 'throttled', undefined],
    ['price_usd', 'price', 'usd'],
    ['cloud.region', 'region', undefined],
  ])('%s holds %s in %s', (name, field, unit) => {
    expect(bound(name)).toEqual({ name, field, unit });
  });

  it('are listed when nobody understands them, or another is taken already', () => {
    const { columns, unimported } = bindColumns(['time', 'p99', 'p999_ms', 'cpu'], {});
    expect(columns.map(({ name }) => name)).toEqual(['time', 'p99']);
    expect(unimported.map(({ what, why }) => `${what}: ${why}`)).toEqual([
      'column p999_ms: p99 is taken for p99 already',
      'column cpu: no field has that name; --column <field>=<name> says what it holds',
    ]);
  });

  it('are what the user says first', () => {
    const { columns } = bindColumns(['t', 'p99', 'slow_ms'], { time: 't', p99: 'slow_ms' });
    expect(columns).toEqual([
      { field: 'time', name: 't', unit: undefined },
      { field: 'p99', name: 'slow_ms', unit: 'ms' },
    ]);
  });
});

describe('cells', () => {
  const read = (name: string, text: string) => readCell(text, bound(name)!);

  it.each([
    ['time', '2026-01-31T12:00:00Z', Date.UTC(2026, 0, 31, 12)],
    ['time', '2026-01-31 12:00:00.250', Date.UTC(2026, 0, 31, 12) + 250],
    ['time', '2026-01-31T12:00:00+02:00', Date.UTC(2026, 0, 31, 10)],
    ['time', '1769860800', 1_769_860_800_000],
    ['time', '1769860800123', 1_769_860_800_123],
    ['time', '1769860800123456', 1_769_860_800_123.456],
    ['time', '1769860800123456789', 1_769_860_800_123.4568],
    ['time', '90', 90_000],
    ['time_ms', '90', 90],
    ['error_rate', '0.25', 0.25],
    ['error_rate', '25%', 0.25],
    ['error_rate_pct', '25', 0.25],
    ['p50', '48', 48],
    ['p50_s', '0.048', 48],
    ['p50', '48ms', 48],
    ['p50', '1.5s', 1500],
    ['p50_us', '48000', 48],
    ['throttled', '12', 12],
    ['throttled', '12%', 0.12],
    ['price', '$3.20', 3.2],
  ])('%s %s is %d', (name, text, value) => {
    expect(read(name, text)).toBeCloseTo(value, 6);
  });

  it.each(['', '-', 'NaN', 'null', 'N/A'])('%j is nothing, but for a time', (text) => {
    expect(read('p50', text)).toBeNull();
    expect(read('time', text)).toBe('is missing');
  });

  it.each([
    ['error_rate', '1.7', 'is no share; expected 0 to 1, or percent: a % sign, or a column whose name ends with _pct'],
    ['error_rate_pct', '170', 'is no share; expected 0 to 100 percent'],
    ['p50', 'fast', 'is no duration; expected a number, or one with its unit such as 48ms'],
    ['p50', '-3', 'is negative; expected 0 or more'],
    ['time', 'noon', 'is no time; expected ISO 8601, such as 2026-01-31T12:00:00Z, or a number'],
    ['time', '2026-02-30T12:00:00Z', 'is no time; expected ISO 8601, such as 2026-01-31T12:00:00Z, or a number'],
  ])('%s %j is refused', (name, text, message) => {
    expect(read(name, text)).toBe(message);
  });
});
