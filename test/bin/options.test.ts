import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePort, parseReporters, parseSeed } from '../../bin/options.ts';

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
