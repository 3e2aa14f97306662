import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_TRACE_BYTES, readTraceFile, TraceFileError, type TraceForm } from '../../../harness/load/trace-file.ts';
import { createScenarioFolder, type ScenarioFolder } from '../../support/scenario-file.ts';

let folder: ScenarioFolder;
beforeAll(() => {
  folder = createScenarioFolder();
});
afterAll(() => folder.remove());

/** Arrivals of a file with that text, microseconds. */
const arrivalsIn = (name: string, text: string, form: TraceForm = {}, most = Number.POSITIVE_INFINITY): readonly number[] => {
  const taken: number[] = [];
  readTraceFile(folder.write(name, text), form, (us) => taken.push(us) < most);
  return taken;
};

/** What is said of a file: line and words. */
const complaint = (name: string, text: string, form: TraceForm = {}): string => {
  try {
    arrivalsIn(name, text, form);
  } catch (error) {
    expect(error).toBeInstanceOf(TraceFileError);
    const { line, message } = error as TraceFileError;
    return `${line ?? '-'}: ${message}`;
  }
  throw new Error(`nothing is wrong with ${text}`);
};

describe('a trace file', () => {
  it('may be as Azure publishes its LLM inference traces: date-times of seven decimals, without a zone or with one', () => {
    // The form of AzureLLMInferenceTrace_conv.csv (2023) and of the week of 2024: github.com/Azure/AzurePublicDataset; the figures are made up.
    const of2023 =
      'TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:15:46.6805900,1,2\r\n2023-11-16 18:16:00.0000004,3,4\r\n';
    expect(arrivalsIn('azure.csv', of2023)).toEqual([0, 13_319_410]);
    const of2024 =
      'TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:00.009930+00:00,1,2\n2024-05-10 02:00:00.010930+02:00,3,4\n';
    expect(arrivalsIn('azure-2024.csv', of2024)).toEqual([0, 1000]);
  });

  it('may be as BurstGPT: seconds since the first day, beside columns with commas and line breaks in quotes', () => {
    const text = 'Timestamp,Model,"Log, Type"\n5,ChatGPT,"a\nb, c"\n45.5,GPT-4,""""\n';
    expect(arrivalsIn('burst.csv', text, { unit: 's' })).toEqual([5_000_000, 45_500_000]);
  });

  it('may be as Mooncake: JSON lines with milliseconds', () => {
    const text = '{"timestamp": 0, "input_length": 6758, "hash_ids": [0, 1]}\n\n{"timestamp": 3052.5, "input_length": 1}\n';
    expect(arrivalsIn('mooncake.jsonl', text, { unit: 'ms' })).toEqual([0, 3_052_500]);
  });

  it('has the unit of its numbers in the name of the column, or beside the file', () => {
    expect(arrivalsIn('a.csv', 'id,timestamp_ms\n1,250\n')).toEqual([250_000]);
    expect(arrivalsIn('a.csv', 'Timestamp_S\n1e1\n')).toEqual([10_000_000]);
    expect(arrivalsIn('a.ndjson', '{"arrived_us": "7"}', { column: 'arrived_us' })).toEqual([7]);
    expect(arrivalsIn('a.csv', 'at,n\n3,1\n', { column: 'at', unit: 'ms' })).toEqual([3000]);
  });

  it('may be timestamps alone, one a line', () => {
    expect(arrivalsIn('bare.csv', '\uFEFF0\n0.5\n\n0.5', { unit: 's' })).toEqual([0, 500_000, 500_000]);
    expect(arrivalsIn('bare.jsonl', '1\n"2"\n', { unit: 'us' })).toEqual([1, 2]);
    expect(arrivalsIn('bare.jsonl', '"2026-02-28T23:59:59Z"\n"2026-03-01T00:00:00+0000"\n')).toEqual([0, 1_000_000]);
  });

  it('is read no further than is needed', () => {
    expect(arrivalsIn('enough.csv', '1\n2\nthree\n', { unit: 's' }, 2)).toEqual([1_000_000, 2_000_000]);
    expect(arrivalsIn('enough.jsonl', '1\n2\nthree\n', { unit: 's' }, 2)).toEqual([1_000_000, 2_000_000]);
  });

  it('gives every timestamp back, in CSV and in JSON lines, as numbers and as date-times', () => {
    const times = fc.array(fc.nat(100_000_000), { minLength: 1, maxLength: 40 }).map((list) => list.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(times, (times) => {
        const first = times[0]!;
        const dated = times.map((us) =>
          new Date(Math.floor(us / 1000)).toJSON().replace('Z', `${String(us % 1000).padStart(3, '0')}Z`),
        );
        expect(arrivalsIn('all.csv', `timestamp_us,x\n${times.map((us) => `${us},1`).join('\n')}`)).toEqual(times);
        expect(arrivalsIn('all.csv', dated.join('\n'))).toEqual(times.map((us) => us - first));
        expect(arrivalsIn('all.jsonl', dated.map((text) => JSON.stringify({ timestamp: text })).join('\n'))).toEqual(
          times.map((us) => us - first),
        );
      }),
      { numRuns: 25 },
    );
  });

  it.each<readonly [string, string, TraceForm, string]>([
    [
      'a.csv',
      'timestamp_s,n\n1,1\nx,1\n',
      {},
      '3: the timestamp "x" is no timestamp; expected a number that is not negative, or',
    ],
    ['a.csv', 'timestamp_s\n-1\n', {}, '2: the timestamp "-1" is no timestamp; expected a number that is not negative'],
    ['a.csv', 'timestamp\n2026-02-30 00:00:00\n', {}, '2: the timestamp "2026-02-30 00:00:00" is no timestamp'],
    ['a.csv', 'timestamp\n1\n', {}, '2: the timestamp "1" has no unit; expected unit: us, ms or s beside file'],
    ['a.csv', '1\n', {}, '1: the timestamp "1" has no unit'],
    ['a.csv', 'timestamp_s\n9e99\n', {}, '2: the timestamp "9e99" is beyond what can be counted'],
    ['a.csv', 'timestamp_s\n2\n"1"\n', {}, '3: the timestamp "1" is before "2"; expected arrivals in order'],
    [
      'a.csv',
      'timestamp_s\n2\n2026-01-01 00:00:00\n',
      {},
      '3: the timestamp "2026-01-01 00:00:00" is a date-time, and those before are num',
    ],
    [
      'a.csv',
      'time,n\n1,2\n',
      {},
      '1: no column is called timestamp; expected one, or column: <name> beside file. Columns: time, n',
    ],
    ['a.csv', 'time,n\n1,2\n', { column: 'tim' }, '1: no column is called "tim". Did you mean "time"? Columns: time, n'],
    ['a.csv', 'n,timestamp_s\n1\n', {}, '2: expected at least 2 columns, got 1'],
    ['a.csv', 'timestamp_s\n1\n"2\n', {}, '3: not CSV: Quote Not Closed'],
    ['a.jsonl', '{"timestamp_s": 1}\n{"timestamp_s": }\n', {}, '2: not JSON: Unexpected token'],
    ['a.jsonl', '{"t": 1}', {}, '1: no column is called timestamp'],
    ['a.jsonl', '{"timestamp_s": null}', {}, '1: expected a timestamp, got "null"'],
    ['a.jsonl', '[1]', {}, '1: expected a timestamp, got "[1]"'],
    ['a.txt', '1', {}, '-: is no trace by its extension; expected .csv, .jsonl, .ndjson'],
  ])('is refused with its line and what is right: %s %j', (name, text, form, words) => {
    expect(complaint(name, text, form)).toContain(words);
  });

  it('that is not there, or too large, is refused', () => {
    const read = (name: string) => () => readTraceFile(join(folder.path, name), {}, () => true);
    folder.write('arrivals.csv', '');
    expect(read('arivals.csv')).toThrow('does not exist. Did you mean "arrivals.csv"?');
    expect(read('nowhere/a.csv')).toThrow('does not exist, nor does its folder');
    // No data stands behind it: a file of holes.
    truncateSync(folder.write('large.csv', ''), MAX_TRACE_BYTES + 1);
    expect(read('large.csv')).toThrow(`expected at most ${MAX_TRACE_BYTES}: cut out the stretch`);
  });
});
