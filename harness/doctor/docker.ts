import { existsSync } from 'node:fs';
import { request } from 'node:http';
import type { DoctorCheck, Finding } from './check.ts';

const DEFAULT_SOCKET = '/var/run/docker.sock';
const TIMEOUT_MS = 2000;

/** Where the Docker engine listens, as the Docker CLI reads it. */
const engineAddress = (dockerHost: string | undefined): { socketPath: string } | { host: string; port: number } | null => {
  if (!dockerHost) return existsSync(DEFAULT_SOCKET) ? { socketPath: DEFAULT_SOCKET } : null;
  const url = URL.parse(dockerHost);
  if (url?.protocol === 'unix:') return { socketPath: url.pathname };
  if (url?.protocol === 'tcp:') return { host: url.hostname, port: Number(url.port || 2375) };
  return null;
};

const absent = (detail: string): Finding => ({ status: 'warning', detail: `${detail}; everything that ships runs without it` });

/** Docker is never needed by the main job: its absence is a warning. */
export const dockerCheck = (dockerHost: string | undefined = process.env.DOCKER_HOST): DoctorCheck => ({
  name: 'Docker',
  async run() {
    const address = engineAddress(dockerHost);
    if (!address) return absent('no engine found');
    return new Promise((resolve) => {
      const ping = request({ ...address, path: '/_ping', timeout: TIMEOUT_MS }, (response) => {
        response.resume();
        const version = response.headers['api-version'];
        resolve(
          response.statusCode === 200
            ? { status: 'ok', detail: `engine answers, API ${version}` }
            : absent(`engine answers ${response.statusCode}`),
        );
      });
      ping.on('timeout', () => ping.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
      ping.on('error', (error) => resolve(absent(`engine does not answer (${error.message})`)));
      ping.end();
    });
  },
});
