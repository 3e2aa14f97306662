import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Containers, openContainers } from '../../../harness/containers/containers.ts';
import type { ContainerSpec } from '../../../harness/containers/spec.ts';
import { leftBehind, missingForContainers, type TestImage, testImages } from '../../support/containers.ts';

/** What a server answers on a raw connection. */
const say = (port: number, bytes: string | Uint8Array): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.once('data', (data) => {
      resolve(data.toString('latin1'));
      socket.destroy();
    });
    socket.once('error', reject);
  });

interface Sample {
  readonly spec: Omit<ContainerSpec, 'image' | 'ports'>;
  readonly port: number;
  readonly asked: string | Uint8Array;
  readonly answer: RegExp;
}

/** PostgreSQL's SSLRequest: length 8, code 80877103 (PostgreSQL 17 documentation, 53.7, 2026-11-27). Without certificates the answer is N. */
const SSL_REQUEST = Uint8Array.of(0, 0, 0, 8, 4, 210, 22, 47);

const samples: Partial<Record<TestImage, Sample>> = {
  redis: { spec: {}, port: 6379, asked: 'PING\r\n', answer: /^\+PONG/ },
  nats: { spec: {}, port: 4222, asked: '', answer: /^INFO \{.*"version":"2\./ },
  postgres: {
    spec: {
      environment: { POSTGRES_PASSWORD: 'of-a-test', POSTGRES_DB: 'jobs' },
      readyWhen: { type: 'log', pattern: /database system is ready to accept connections/ },
    },
    port: 5432,
    asked: SSL_REQUEST,
    answer: /^N$/,
  },
  node: {
    spec: {
      files: { '/app/server.js': "require('node:http').createServer((_, answer) => answer.end(process.version)).listen(8080)" },
      command: ['node', '/app/server.js'],
    },
    port: 8080,
    asked: 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    answer: /^HTTP\/1\.1 200 .*v24\./s,
  },
};

const names = Object.keys(samples) as TestImage[];
const missing = await missingForContainers(...names);

describe.skipIf(missing)(`images for tests${missing ? ` (${missing})` : ''}`, { timeout: 60_000 }, () => {
  let containers: Containers;
  beforeAll(async () => {
    containers = await openContainers();
  }, 30_000);
  afterAll(async () => {
    await containers?.close();
    expect(await leftBehind(containers.runId)).toEqual([]);
  }, 60_000);

  it.each(names)('%s serves, and serves again after a SIGKILL', async (name) => {
    const { spec, port, asked, answer } = samples[name]!;
    const container = await containers.start({ image: testImages[name], ports: [port], ...spec });
    expect(await say(container.hostPort(port), asked)).toMatch(answer);
    await container.restart();
    expect(await say(container.hostPort(port), asked)).toMatch(answer);
    await container.remove();
  });
});
