/** What the proxies stand before: nginx where it is installed, else a Node server, which `fork` of this file starts. */
import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, HOST, type Running, stopper, untilUp, which } from './processes.ts';

export const BULK_BYTES = 256 * 1024 * 1024;
export const PATHS = { small: '/small', bulk: '/bulk' } as const;
const SMALL = 'sunny\n';

export interface Upstream extends Running {
  readonly name: string;
}

const startNginx = async (nginx: string): Promise<Upstream> => {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'squall-bench-nginx-'));
  writeFileSync(join(folder, 'bulk'), Buffer.alloc(BULK_BYTES));
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log crit;
    events { worker_connections 20000; }
    http {
      access_log off; sendfile on; keepalive_requests 1000000000; keepalive_timeout 600s; client_header_timeout 600s;
      client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
      uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
      server {
        listen ${HOST}:${port} backlog=4096;
        location = ${PATHS.small} { return 200 "${SMALL.trim()}\\n"; }
        location = ${PATHS.bulk} { root ${folder}; }
      }
    }`,
  );
  const child = spawn(nginx, ['-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  const stop = stopper(child, 'SIGTERM');
  await untilUp('nginx', port);
  const version = execFileSync('sh', ['-c', `${nginx} -v 2>&1`], { encoding: 'utf8' })
    .trim()
    .replace('nginx version: nginx/', '');
  return {
    name: `nginx ${version}`,
    port,
    pid: child.pid!,
    async stop() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const startNode = async (): Promise<Upstream> => {
  const child = fork(fileURLToPath(import.meta.url), ['serve']);
  const [port] = (await once(child, 'message')) as [number];
  return { name: `Node ${process.version}`, port, pid: child.pid!, stop: stopper(child) };
};

export const startUpstream = async (): Promise<Upstream> => {
  const nginx = which('nginx');
  return nginx ? await startNginx(nginx) : await startNode();
};

const serve = () => {
  const chunk = Buffer.alloc(1024 * 1024);
  const server = createServer({ headersTimeout: 0, requestTimeout: 0, keepAliveTimeout: 600_000 }, async (request, response) => {
    if (request.url === PATHS.small) {
      response.end(SMALL);
      return;
    }
    for (let left = BULK_BYTES; left > 0 && !response.destroyed; left -= chunk.length)
      if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    response.end();
  });
  server.listen({ host: HOST, port: 0, backlog: 4096 }, () => process.send!((server.address() as AddressInfo).port));
  process.on('disconnect', () => process.exit());
};

if (process.send && process.argv[2] === 'serve') serve();
