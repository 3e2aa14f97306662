import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Announce, createAnnounce } from '../../../harness/serving/announce.ts';

let told: string[];
let announce: Announce;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  announce = createAnnounce((text) => told.push(text));
});
afterEach(() => {
  vi.useRealTimers();
});

describe('announcements', () => {
  it('tell what is said of a subject twice in a row once', () => {
    announce.trouble('a', 'a is down');
    announce.trouble('a', 'a is down');
    announce.trouble('b', 'b is down');
    expect(told).toEqual(['a is down', 'b is down']);
  });

  it('tell that all is well only after trouble', () => {
    announce.well('a', 'a is up');
    announce.trouble('a', 'a is down');
    announce.well('a', 'a is up');
    announce.well('a', 'a is up');
    expect(told).toEqual(['a is down', 'a is up']);
  });

  it('tell the beginning of a spell, and the next after five quiet seconds', () => {
    for (let n = 0; n < 100; n += 1) {
      announce.spell('a', 'a happens');
      vi.advanceTimersByTime(100);
    }
    vi.advanceTimersByTime(4800);
    announce.spell('a', 'a happens');
    expect(told).toHaveLength(1);
    vi.advanceTimersByTime(5000);
    announce.spell('a', 'a happens');
    expect(told).toHaveLength(2);
  });

  it('fall silent on a subject that flaps, and end on what is true', () => {
    for (let n = 0; n < 1000; n += 1) {
      announce.trouble('a', 'a is down');
      announce.well('a', 'a is up');
    }
    expect(told).toHaveLength(5);
    vi.advanceTimersByTime(5000);
    announce.trouble('a', 'a is down');
    announce.well('a', 'a is up');
    expect(told.at(-1)).toBe('a is up');
  });
});
