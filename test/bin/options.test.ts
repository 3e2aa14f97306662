import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBudget, parsePort, parseReporters, parseSeed, parseShard } from '../../bin/options.ts';

describe('whole-number flags', () => {
  it('take every number in range', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => parseSeed(String(seed)) === seed));
    fc.assert(fc.property(fc.integer({ min: 1, max: 65_535 }), (port) => parsePort(String(port)) === port));
  });

  it.each(['', ' ', '-1', '1.5', '0x10', '1e3', 'seven', String(2 ** 32)])('refuse the seed %j', (value) => {
    expect(() => parseSeed(value)).toThrow('whole number from 0 to 4294967295');
  });

  it.each(['0', '65536', 'http'])('refuse the port %j', (value) => {
    expect(() => parsePort(value)).toThrow('whole number from 1 to 65535');
  });
});

describe('--reporter', () => {
  it('splits commas and keeps earlier ones', () => {
    expect(parseReporters('terminal,junit=out/report.xml', [{ name: 'json' }])).toEqual([
      { name: 'json' },
      { name: 'terminal' },
      { name: 'junit', file: 'out/report.xml' },
    ]);
  });

  it('keeps an equals sign in a file name', () => {
    expect(parseReporters('json=a=b.json')).toEqual([{ name: 'json', file: 'a=b.json' }]);
  });
});

describe('--budget', () => {
  it('is a time or a count of schedules', () => {
    expect(parseBudget('60s')).toEqual({ type: 'time', ms: 60_000 });
    expect(parseBudget('1m30s')).toEqual({ type: 'time', ms: 90_000 });
    expect(parseBudget('1000')).toEqual({ type: 'count', count: 1000 });
  });

  it.each(['', '0', '0s', '-5', '1.5', 'soon', '10 s'])('refuses %j', (value) => {
    expect(() => parseBudget(value)).toThrow();
  });
});

describe('--shard', () => {
  it('is one of several, counted from 1', () => {
    expect(parseShard('2/4')).toEqual({ index: 2, of: 4 });
  });

  it('is the one of its number in a Kubernetes Indexed Job, which counts from 0', () => {
    expect(parseShard('job/4', { JOB_COMPLETION_INDEX: '0' })).toEqual({ index: 1, of: 4 });
    expect(parseShard('job/4', { JOB_COMPLETION_INDEX: '3' })).toEqual({ index: 4, of: 4 });
  });

  it.each([
    ['job/4', {}, 'completionMode: Indexed'],
    ['job/4', { JOB_COMPLETION_INDEX: 'x' }, 'completionMode: Indexed'],
    ['job/4', { JOB_COMPLETION_INDEX: '4' }, "the Job's completions"],
    ['job/0', { JOB_COMPLETION_INDEX: '0' }, 'or job/n'],
    ['pod/4', { JOB_COMPLETION_INDEX: '0' }, 'or job/n'],
  ])('refuses %s with %j', (value, environment, message) => {
    expect(() => parseShard(value, environment)).toThrow(message);
  });

  it('goes by the number that is said in such a Job too', () => {
    expect(parseShard('2/4', { JOB_COMPLETION_INDEX: '0' })).toEqual({ index: 2, of: 4 });
  });

  it.each(['', '0/2', '3/2', '1', '1/0', '-1/2', '1/2/3', '1/20000'])('refuses %j', (value) => {
    expect(() => parseShard(value)).toThrow('i/n with i from 1 to n');
  });
});
