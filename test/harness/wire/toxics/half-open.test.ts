import { describe, expect, it } from 'vitest';
import { createLine, toxicOf } from '../../../support/toxic-line.ts';

describe('the toxic half_open', () => {
  it('loses bytes, the end and a reset of a connection that was open before it', () => {
    const line = createLine({ toxics: [toxicOf('half_open')], ordinal: 0 });
    line.write('a');
    line.end();
    line.abort();
    expect([line.text, line.endedAtMs, line.abortedAtMs, line.resetAtMs]).toEqual(['', undefined, undefined, undefined]);
  });

  it('touches whichever direction, as it is of both ways', () => {
    const line = createLine({ toxics: [toxicOf('half_open', {}, { stream: 'upstream' })], ordinal: 0 });
    line.write('a');
    expect(line.text).toBe('');
  });

  it('leaves a connection alone that was opened later, also when it is updated meanwhile', () => {
    const line = createLine({ toxics: [toxicOf('half_open')], ordinal: 1 });
    line.write('a');
    line.set([toxicOf('half_open', {}, { toxicity: 0.9999 })]);
    line.write('b');
    expect(line.text).toBe('ab');
    line.abort();
    expect(line.abortedAtMs).toBe(0);
  });

  it('resets when it is removed a connection that has lost something, and lets go on what has not', () => {
    const lost = createLine({ toxics: [toxicOf('half_open')], ordinal: 0 });
    lost.write('a');
    lost.set([toxicOf('half_open', {}, { toxicity: 0.9999 })]);
    expect(lost.resetAtMs).toBeUndefined();
    lost.set([]);
    expect(lost.resetAtMs).toBe(0);
    const idle = createLine({ toxics: [toxicOf('half_open')], ordinal: 0 });
    idle.set([]);
    idle.write('a');
    expect([idle.text, idle.resetAtMs]).toEqual(['a', undefined]);
  });
});
