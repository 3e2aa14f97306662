import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogLines } from '../../../harness/containers/log-lines.ts';

/** As the engine frames what was printed. */
const frame = (text: string, stream: 'out' | 'err' = 'out'): Buffer => {
  const bytes = Buffer.from(text);
  const header = Buffer.of(stream === 'err' ? 2 : 1, 0, 0, 0, 0, 0, 0, 0);
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
};

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the lines of a container', () => {
  it('are whole, however they arrive, and the last one needs no end', async () => {
    const log = createLogLines();
    const stream = new PassThrough();
    log.follow(stream);
    for (const part of ['on', 'e\ntwo\r\nth', 'rée']) stream.write(frame(part));
    stream.end();
    await turn();
    await turn();
    expect(log.last(10)).toEqual(['one', 'two', 'thrée']);
  });

  it('keep their order and where they went, however frames are cut', async () => {
    const bytes = Buffer.concat([frame('1\n2'), frame('oops é\n', 'err'), frame('\n3\n')]);
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const log = createLogLines();
      const stream = new PassThrough();
      log.follow(stream);
      stream.write(bytes.subarray(0, cut));
      stream.end(bytes.subarray(cut));
      await turn();
      await turn();
      const heard: string[] = [];
      log.onLine((line, where) => heard.push(`${where} ${line}`));
      expect(heard).toEqual(['out 1', 'err oops é', 'out 2', 'out 3']);
    }
  });

  it('reach a late listener from the start, and over a restart', async () => {
    const log = createLogLines();
    const [first, second] = [new PassThrough(), new PassThrough()];
    log.follow(first);
    first.end(frame('before\n'));
    await turn();
    const heard: string[] = [];
    const stop = log.onLine((line) => heard.push(line));
    log.follow(second);
    second.write(frame('after\n'));
    await turn();
    stop();
    second.write(frame('unheard\n'));
    await turn();
    expect(heard).toEqual(['before', 'after']);
    expect(log.last(1)).toEqual(['unheard']);
    expect(log.last(0)).toEqual([]);
  });

  it('are bounded: in number and in length', async () => {
    const log = createLogLines();
    const stream = new PassThrough();
    log.follow(stream);
    stream.write(frame(`${'x'.repeat(9_000)}\n`));
    stream.write(frame('y\n'.repeat(5_000)));
    await turn();
    expect(log.last(100_000).length).toBeLessThanOrEqual(2_000);
    // No line break comes, however much there is: it is told as one line when there is one.
    for (let part = 0; part < 10; part += 1) stream.write(frame('word '.repeat(1_000)));
    stream.write(frame('\nnext\n'));
    await turn();
    expect(log.last(2)).toEqual(['word '.repeat(2_000).trimEnd(), 'next']);
  });
});
