import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../harness/package-root.ts';

const LISTENER = join(import.meta.dirname, '..', 'support', 'listen-on-loopback.py');
const RUN_WITHIN_MS = 90_000;
const MAX_HEARD_BYTES = 512 * 1024 * 1024;

/** Listens to all that crosses the loopback of a network in which a command runs alone. */
const listenWhile = (command: readonly string[], env: NodeJS.ProcessEnv = process.env) =>
  spawnSync('python3', [LISTENER, ...command], { encoding: 'utf8', timeout: RUN_WITHIN_MS, maxBuffer: MAX_HEARD_BYTES, env });

/** Why nobody can listen on this machine; undefined when somebody can. */
const whyNot = (): string | undefined => {
  if (process.platform !== 'linux') return 'not Linux';
  if (process.getuid?.() !== 0) return 'not root';
  const { status, stderr, error } = listenWhile(['true']);
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
};
const missing = whyNot();

/** What crosses links: requests and answers as HTTP writes them, inputs, credentials, tokens. */
const PLAIN = ['HTTP/1.1', '"instances"', 'AWS4-HMAC-SHA256', 'Bearer ', 'client_secret'];

interface Segment {
  readonly ports: readonly number[];
  readonly payload: Buffer;
}

/** What crosses the doors of the stack is the load's, and left out. */
const hear = (design: string): readonly Segment[] => {
  const temp = mkdtempSync(join(tmpdir(), 'squall-e2e-'));
  const squall = [process.execPath, join(packageRoot, 'bin', 'squall.ts'), 'run', 'encrypted-links', '--design', design];
  try {
    const { stdout, stderr } = listenWhile(squall, { ...process.env, NO_COLOR: '1', TMPDIR: temp });
    const doors = [...stderr.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port));
    expect(doors, stderr).toHaveLength(2);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [source, target, payload] = line.split(' ');
        return { ports: [Number(source), Number(target)], payload: Buffer.from(payload!, 'hex') };
      })
      .filter(({ ports }) => !ports.some((port) => doors.includes(port)));
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
};

const readIn = (segments: readonly Segment[]): readonly string[] =>
  PLAIN.filter((word) => segments.some(({ payload }) => payload.includes(word)));

it.skipIf(missing)(
  `a passive listener on the wire reads nothing where the design speaks TLS, and everything where not${missing ? ` (${missing})` : ''}`,
  () => {
    const secured = hear('reference');
    expect(readIn(secured)).toEqual([]);
    // It was there to be heard.
    expect(secured.reduce((sum, { payload }) => sum + payload.length, 0)).toBeGreaterThan(100_000);
    expect(readIn(hear('no-transport'))).toEqual(PLAIN);
  },
  2 * RUN_WITHIN_MS,
);
