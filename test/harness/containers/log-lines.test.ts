import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogLines } from '../../../harness/containers/log-lines.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the lines of a container', () => {
  it('are whole, however they arrive, and the last one needs no end', async () => {
    const log = createLogLines();
    const stream = new PassThrough();
    log.follow(stream);
    for (const part of ['on', 'e\ntwo\r\nth', 'ree']) stream.write(part);
    stream.end();
    await turn();
    await turn();
    expect(log.last(10)).toEqual(['one', 'two', 'three']);
  });

  it('reach a late listener from the start, and over a restart', async () => {
    const log = createLogLines();
    const [first, second] = [new PassThrough(), new PassThrough()];
    log.follow(first);
    first.end('before\n');
    await turn();
    const heard: string[] = [];
    const stop = log.onLine((line) => heard.push(line));
    log.follow(second);
    second.write('after\n');
    await turn();
    stop();
    second.write('unheard\n');
    await turn();
    expect(heard).toEqual(['before', 'after']);
    expect(log.last(1)).toEqual(['unheard']);
    expect(log.last(0)).toEqual([]);
  });

  it('are bounded: in number and in length', async () => {
    const log = createLogLines();
    const stream = new PassThrough();
    log.follow(stream);
    stream.write(`${'x'.repeat(9_000)}\n`);
    stream.write('y\n'.repeat(5_000));
    await turn();
    expect(log.last(100_000).length).toBeLessThanOrEqual(2_000);
    stream.write('z'.repeat(9_000));
    await turn();
    expect(log.last(1)[0]).toBe('z'.repeat(4_000));
  });
});
