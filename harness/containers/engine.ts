import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where a container engine listens. */
export type EngineAddress = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** Whether containers can be had here. */
export type EngineStatus =
  | {
      readonly available: true;
      readonly address: EngineAddress;
      /** Of the engine, e.g. `20.10.24`. */
      readonly version: string;
      readonly apiVersion: string;
    }
  | {
      readonly available: false;
      /** In words, e.g. `no engine found`. */
      readonly reason: string;
      readonly remedy: string;
    };

/** An answer of the engine: status 0 is no answer, and `body` then says why. */
export interface EngineAnswer {
  readonly status: number;
  readonly body: unknown;
}

const TIMEOUT_MS = 2_000;
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;
const START = 'Start Docker, or install it (scripts/install-docker.sh does on Debian), or name a local engine in DOCKER_HOST.';

/** The sockets that testcontainers 12.2 looks at, in its order. */
const socketPaths = (): readonly string[] => [
  '/var/run/docker.sock',
  ...(process.env.XDG_RUNTIME_DIR ? [join(process.env.XDG_RUNTIME_DIR, 'docker.sock')] : []),
  join(homedir(), '.docker', 'run', 'docker.sock'),
  join(homedir(), '.docker', 'desktop', 'docker.sock'),
  ...(process.getuid ? [`/run/user/${process.getuid()}/docker.sock`] : []),
];

/** `undefined` where none is; a text says why the one that DOCKER_HOST names is not for squall. */
const findAddress = (dockerHost: string | undefined): EngineAddress | string | undefined => {
  if (!dockerHost) {
    const socketPath = socketPaths().find((path) => existsSync(path));
    return socketPath === undefined ? undefined : { socketPath };
  }
  const url = URL.parse(dockerHost);
  if (url?.protocol === 'unix:') return { socketPath: url.pathname };
  if (url?.protocol !== 'tcp:' && url?.protocol !== 'http:')
    return `DOCKER_HOST is ${dockerHost}, which is neither unix:// nor tcp://`;
  // Ports of containers are bound to the loopback of the machine that the engine runs on, and load goes to this machine's alone.
  if (!LOOPBACK.test(url.hostname)) return `DOCKER_HOST names ${url.hostname}, which is another machine`;
  return { host: url.hostname, port: Number(url.port || 2375) };
};

/**
 * Asks the engine by its API. Light, for what should not load a client: the look at the machine, the reaper.
 * @param timeoutMs how long the engine may be silent, milliseconds
 */
export const askEngine = (address: EngineAddress, method: string, path: string, timeoutMs = TIMEOUT_MS): Promise<EngineAnswer> =>
  new Promise((resolve) => {
    const asked = request({ ...address, method, path, timeout: timeoutMs }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('error', (error) => resolve({ status: 0, body: error.message }));
      response.on('end', () => {
        try {
          resolve({ status: response.statusCode!, body: text === '' ? undefined : JSON.parse(text) });
        } catch {
          resolve({ status: response.statusCode!, body: text });
        }
      });
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    asked.on('error', (error) => resolve({ status: 0, body: error.message }));
    asked.end();
  });

/** Processors of the machine that the engine runs on; undefined when it does not say. */
export const engineProcessors = async (address: EngineAddress): Promise<number | undefined> => {
  const { status, body } = await askEngine(address, 'GET', '/info');
  return status === 200 ? (body as { readonly NCPU?: number }).NCPU : undefined;
};

/** Looks for a container engine on this machine, and whether it answers. Never rejects. */
export const engineStatus = async (dockerHost: string | undefined = process.env.DOCKER_HOST): Promise<EngineStatus> => {
  const address = findAddress(dockerHost);
  if (address === undefined) return { available: false, reason: 'no engine found', remedy: START };
  if (typeof address === 'string')
    return { available: false, reason: address, remedy: 'Unset DOCKER_HOST, or name an engine on this machine.' };
  const { status, body } = await askEngine(address, 'GET', '/version');
  if (status === 200) {
    const { Version: version, ApiVersion: apiVersion } = body as { Version: string; ApiVersion: string };
    return { available: true, address, version, apiVersion };
  }
  const denied = status === 0 && /EACCES/.test(String(body));
  return {
    available: false,
    reason: status === 0 ? `the engine does not answer (${body})` : `the engine answers ${status}`,
    remedy: denied ? 'Your user may not use it: join the group docker, or run as one that may.' : START,
  };
};
