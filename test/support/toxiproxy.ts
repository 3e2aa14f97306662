import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serveToxiproxy } from '../../harness/wire/toxiproxy/serve.ts';
import { freePort } from './free-port.ts';

/** The release whose API squall speaks. */
const MODULE = 'github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0';
const BUILD_MS = 280_000;
const POLL_MS = 20;
const START_MS = 10_000;

/** A server of Toxiproxy's API. */
export interface Server extends AsyncDisposable {
  /** E.g. `http://127.0.0.1:8474`. */
  readonly origin: string;
}

/** Where the real server's program is, or why there is none. */
export type RealToxiproxy = { readonly program: string } | { readonly missing: string };

/** Builds the real server once, into the user's cache folder. `TOXIPROXY_SERVER` names one that is there already. */
export const findRealToxiproxy = async (): Promise<RealToxiproxy> => {
  const named = process.env.TOXIPROXY_SERVER;
  if (named) return { program: named };
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'squall', 'toxiproxy-2.12.0');
  const program = join(folder, 'bin', process.platform === 'win32' ? 'server.exe' : 'server');
  if (existsSync(program)) return { program };
  if (spawnSync('go', ['version']).status !== 0) return { missing: 'Go is not on this machine' };
  mkdirSync(folder, { recursive: true });
  try {
    await promisify(execFile)('go', ['install', MODULE], {
      env: { ...process.env, GOBIN: join(folder, 'bin'), GOPATH: join(folder, 'go'), GOFLAGS: '-modcacherw' },
      timeout: BUILD_MS,
    });
    return { program };
  } catch (error) {
    return { missing: `Go can't build it: ${(error as Error).message.split('\n').at(-1)}` };
  }
};

const answers = (origin: string): Promise<boolean> =>
  fetch(`${origin}/version`).then(
    ({ ok }) => ok,
    () => false,
  );

/** Starts the real server on a free port. Rejects when it does not answer within ten seconds. */
export const startRealToxiproxy = async (program: string, ...args: readonly string[]): Promise<Server> => {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(program, ['-host', '127.0.0.1', '-port', String(port), ...args], { stdio: 'ignore' });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const dispose = async () => {
    child.kill('SIGKILL');
    await closed;
  };
  const untilMs = performance.now() + START_MS;
  while (!(await answers(origin))) {
    if (performance.now() > untilMs) {
      await dispose();
      throw new Error(`${program} does not answer on port ${port}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return { origin, [Symbol.asyncDispose]: dispose };
};

/** Squall's own, in this process. */
export const startToxiproxy = async (options: { readonly configFile?: string } = {}): Promise<Server> => {
  const { origin, close } = await serveToxiproxy({ host: '127.0.0.1', port: 0, seed: 1, ...options });
  return { origin, [Symbol.asyncDispose]: close };
};

/** A call of the API. */
export interface Call {
  readonly method: string;
  /** From the slash on. */
  readonly path: string;
  /** Sent as it is. */
  readonly body?: string;
  readonly userAgent?: string;
}

/** What came of a call. */
export interface Answer {
  readonly status: number;
  readonly type: string | null;
  /** Whether it carries an id of the request. */
  readonly hasId: boolean;
  readonly text: string;
}

export const call = async (origin: string, { method, path, body, userAgent }: Call): Promise<Answer> => {
  const response = await fetch(`${origin}${path}`, {
    method,
    redirect: 'manual',
    headers: { 'user-agent': userAgent ?? 'squall-test' },
    ...(body === undefined ? {} : { body }),
  });
  const { status, headers } = response;
  return { status, type: headers.get('content-type'), hasId: headers.has('x-toxiproxy-request-id'), text: await response.text() };
};
