import { describe, expect, it } from 'vitest';
import { createLine, toxicOf } from '../../../support/toxic-line.ts';

describe('the toxic slow_close', () => {
  it('lets bytes pass and holds back the end', () => {
    const line = createLine({ toxics: [toxicOf('slow_close', { delay: 100 })] });
    line.write('a');
    line.end();
    expect(line.text).toBe('a');
    line.pass(99);
    expect(line.endedAtMs).toBeUndefined();
    line.pass(1);
    expect(line.endedAtMs).toBe(100);
    expect(line.finishedAtMs).toBeUndefined();
  });

  it('begins anew on an update, and ends at once when it is removed', () => {
    const line = createLine({ toxics: [toxicOf('slow_close', { delay: 100 })] });
    line.end();
    line.pass(90);
    line.set([toxicOf('slow_close', { delay: 50 })]);
    line.pass(40);
    expect(line.endedAtMs).toBeUndefined();
    line.set([]);
    expect(line.endedAtMs).toBe(130);
    expect(line.pendingAlarms).toBe(0);
  });
});

describe('the toxic timeout', () => {
  it('swallows all, and closes when nothing has come for the time-out', () => {
    const line = createLine({ toxics: [toxicOf('timeout', { timeout: 100 })] });
    line.pass(60);
    line.write('a');
    line.pass(99);
    expect(line.finishedAtMs).toBeUndefined();
    line.pass(1);
    expect(line.finishedAtMs).toBe(160);
    expect(line.text).toBe('');
  });

  it('closes an idle connection, and one whose end comes at once', () => {
    const idle = createLine({ toxics: [toxicOf('timeout', { timeout: 100 })] });
    idle.pass(200);
    expect(idle.finishedAtMs).toBe(100);
    const ended = createLine({ toxics: [toxicOf('timeout', { timeout: 100 })] });
    ended.end();
    expect(ended.finishedAtMs).toBe(0);
  });

  it('of 0 swallows until it is removed, which closes the connection', () => {
    const line = createLine({ toxics: [toxicOf('timeout')] });
    line.write('a');
    line.pass(1e9);
    expect(line.finishedAtMs).toBeUndefined();
    line.set([]);
    expect(line.finishedAtMs).toBe(1e9);
    line.write('b');
    expect(line.text).toBe('');
  });

  it('starts anew with an update, which closes nothing', () => {
    const line = createLine({ toxics: [toxicOf('timeout', { timeout: 100 })] });
    line.pass(90);
    line.set([toxicOf('timeout', { timeout: 50 })]);
    line.pass(49);
    expect(line.finishedAtMs).toBeUndefined();
    line.pass(1);
    expect(line.finishedAtMs).toBe(140);
  });

  it('closes through the toxics behind it', () => {
    const line = createLine({ toxics: [toxicOf('timeout', { timeout: 100 }), toxicOf('slow_close', { delay: 30 })] });
    line.pass(1000);
    expect(line.finishedAtMs).toBe(130);
  });

  it('closes when an update of its toxicity spares a connection that it has swallowed bytes of', () => {
    const line = createLine({ toxics: [toxicOf('timeout')] });
    line.write('a');
    line.set([toxicOf('timeout', {}, { toxicity: 0 })]);
    expect(line.finishedAtMs).toBe(0);
  });
});

describe('the toxic reset_peer', () => {
  it.each([
    ['bytes', (line: ReturnType<typeof createLine>) => line.write('a')],
    ['the end', (line: ReturnType<typeof createLine>) => line.end()],
  ])('resets so long after %s', (_, begin) => {
    const line = createLine({ toxics: [toxicOf('reset_peer', { timeout: 100 })] });
    line.pass(1000);
    expect(line.resetAtMs).toBeUndefined();
    begin(line);
    line.pass(99);
    line.write('more');
    expect(line.resetAtMs).toBeUndefined();
    line.pass(1);
    expect(line.resetAtMs).toBe(1100);
    expect(line.text).toBe('');
    expect(line.endedAtMs).toBeUndefined();
  });

  it('of 0 resets with the first byte', () => {
    const line = createLine({ toxics: [toxicOf('reset_peer')] });
    line.write('a');
    expect(line.resetAtMs).toBe(0);
  });

  it('resets at once when it goes with a reset to come, as bytes are lost, and leaves a connection alone that was silent', () => {
    const touched = createLine({ toxics: [toxicOf('reset_peer', { timeout: 100 })] });
    touched.write('a');
    touched.pass(10);
    touched.set([]);
    expect(touched.resetAtMs).toBe(10);
    const silent = createLine({ toxics: [toxicOf('reset_peer', { timeout: 100 })] });
    silent.set([]);
    silent.write('a');
    expect(silent.text).toBe('a');
  });
});

describe('the toxic limit_data', () => {
  it('closes the connection with the last byte that it lets pass', () => {
    const line = createLine({ toxics: [toxicOf('limit_data', { bytes: 5 })] });
    line.write('abc');
    expect(line.finishedAtMs).toBeUndefined();
    line.write('defg');
    expect(line.text).toBe('abcde');
    expect(line.finishedAtMs).toBe(0);
    line.write('h');
    expect(line.text).toBe('abcde');
  });

  it('closes when exactly so much has passed, and of 0 with the first byte', () => {
    const exact = createLine({ toxics: [toxicOf('limit_data', { bytes: 3 })] });
    exact.write('abc');
    expect([exact.text, exact.finishedAtMs]).toEqual(['abc', 0]);
    const none = createLine({ toxics: [toxicOf('limit_data')] });
    expect(none.finishedAtMs).toBeUndefined();
    none.write('a');
    expect([none.text, none.finishedAtMs]).toEqual(['', 0]);
  });

  it('goes on counting over an update, and starts at 0 when it was removed', () => {
    const line = createLine({ toxics: [toxicOf('limit_data', { bytes: 10 })] });
    line.write('abcd');
    line.set([toxicOf('limit_data', { bytes: 6 })]);
    line.set([toxicOf('limit_data', { bytes: 5 })]);
    line.write('efgh');
    expect(line.text).toBe('abcde');
    const again = createLine({ toxics: [toxicOf('limit_data', { bytes: 5 })] });
    again.write('abcd');
    again.set([]);
    again.set([toxicOf('limit_data', { bytes: 5 })]);
    again.write('efgh');
    expect(again.text).toBe('abcdefgh');
  });

  it('waits for more bytes when an update puts the limit below what has passed', () => {
    const line = createLine({ toxics: [toxicOf('limit_data', { bytes: 10 })] });
    line.write('abcd');
    line.set([toxicOf('limit_data', { bytes: 2 })]);
    expect(line.finishedAtMs).toBeUndefined();
    line.write('e');
    expect([line.text, line.finishedAtMs]).toEqual(['abcd', 0]);
  });

  it('closes only when what it let pass has come through the toxics behind it', () => {
    const line = createLine({ toxics: [toxicOf('limit_data', { bytes: 2 }), toxicOf('latency', { latency: 40 })] });
    line.write('abc');
    line.pass(39);
    expect(line.finishedAtMs).toBeUndefined();
    line.pass(1);
    expect([line.text, line.finishedAtMs]).toEqual(['ab', 40]);
  });
});

describe('a direction whose other one has been closed by a toxic', () => {
  const slow = () => createLine({ toxics: [toxicOf('slow_close', { delay: 50 })] });

  it('ends, and is done when the end has come through', () => {
    const line = slow();
    line.write('a');
    line.finish();
    line.write('b');
    line.pass(100);
    expect([line.text, line.endedAtMs, line.finishedAtMs]).toEqual(['a', 50, 50]);
  });

  it('is done when an end comes through that was on its way, and at once when that had come', () => {
    const onItsWay = slow();
    onItsWay.end();
    onItsWay.pass(20);
    onItsWay.finish();
    onItsWay.pass(100);
    expect(onItsWay.finishedAtMs).toBe(50);
    const ended = slow();
    ended.end();
    ended.pass(60);
    ended.finish();
    expect([ended.endedAtMs, ended.finishedAtMs]).toEqual([50, 60]);
  });
});
