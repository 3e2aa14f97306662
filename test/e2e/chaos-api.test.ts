import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Description } from '../../harness/emulators/up.ts';
import { packageRoot } from '../../harness/package-root.ts';
import { type Running, startSquall } from '../support/squall.ts';

const run = promisify(execFile);

let runtime: string;
let running: Running;
let description: Description;
beforeAll(async () => {
  runtime = mkdtempSync(join(tmpdir(), 'squall-runtime-'));
  const env = { XDG_RUNTIME_DIR: runtime };
  running = startSquall(['up', '--json', '--cloud', 'aws', '--region', 'us-east-1'], { env });
  await running.until(() => running.printed.stdout.endsWith('}\n'));
  description = JSON.parse(running.printed.stdout);
});
afterAll(async () => {
  running.process.kill('SIGINT');
  await running.ended;
  rmSync(runtime, { recursive: true, force: true });
});

const whoAmI = () => {
  const {
    AWS_ENDPOINT_URL_STS,
    AWS_REGION,
    AWS_ACCESS_KEY_ID = '',
    AWS_SECRET_ACCESS_KEY = '',
    AWS_SESSION_TOKEN,
  } = description.environment;
  const client = new STSClient({
    endpoint: AWS_ENDPOINT_URL_STS!,
    region: AWS_REGION!,
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    },
    maxAttempts: 1,
  });
  return client.send(new GetCallerIdentityCommand({}));
};

/** The example of the documentation, a command a string. */
const examples = (): readonly string[] => {
  const page = readFileSync(join(packageRoot, 'docs', 'emulators.md'), 'utf8');
  const [, block = ''] = /## LocalStack's chaos API\n[\s\S]*?```sh\n([\s\S]*?)```/.exec(page) ?? [];
  return block.split(/\n(?=curl |aws )/).filter((command) => command.startsWith('curl '));
};

const shell = async (command: string): Promise<unknown> => {
  const { stdout } = await run('sh', ['-c', command.replace(/^curl /, 'curl --silent --show-error --fail-with-body ')], {
    env: { ...process.env, ...description.environment },
  });
  return JSON.parse(stdout);
};

describe("LocalStack's chaos API of squall up", () => {
  it("is driven by the documentation's example as it is written, on the control API's port and without its token", async () => {
    const [set = '', add = '', remove = '', get = '', slow = '', clear = ''] = examples();
    const throttled = {
      service: 'sts',
      operation: 'GetCallerIdentity',
      error: { statusCode: 400, code: 'ThrottlingException' },
    };
    const third = { service: 's3', region: 'us-east-1', probability: 0.3 };
    await expect(whoAmI()).resolves.toMatchObject({ Account: expect.stringMatching(/^\d{12}$/) });

    expect(await shell(set)).toEqual([throttled, third]);
    await expect(whoAmI()).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'Operation failed due to a simulated fault',
      $metadata: { httpStatusCode: 400 },
    });
    expect(await shell(add)).toEqual([throttled, third, { service: 'ec2' }]);
    expect(await shell(remove)).toEqual([throttled, { service: 'ec2' }]);
    expect(await shell(get)).toEqual([throttled, { service: 'ec2' }]);
    expect(await shell(slow)).toEqual({ latency: 250 });
    expect(await shell(clear)).toEqual([]);

    const startedAt = performance.now();
    await expect(whoAmI()).resolves.toBeDefined();
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(250);
  });

  it('leaves the rest of the control API to who has the token', async () => {
    const { url } = description.control;
    for (const path of ['/faults', '/endpoints', '/_localstack/chaosfaults'])
      expect((await fetch(`${url}${path}`)).status).toBe(401);
    expect((await fetch(`${url}/_localstack/chaos/faults`)).status).toBe(200);
  });

  it('ends when it is interrupted, though a call is being delayed', async () => {
    const { url } = description.control;
    await fetch(`${url}/_localstack/chaos/effects`, { method: 'POST', body: '{"latency": 3600000}' });
    const sts = description.environment.AWS_ENDPOINT_URL_STS!;
    const call = request(sts);
    const cut = new Promise((resolve) => call.on('response', resolve).on('error', resolve));
    await new Promise<void>((resolve) => call.end(resolve));
    // Sent after it, to the same port, and answered: so the call has come in.
    await fetch(`${sts}/_localstack/chaos/effects`);
    running.process.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    expect(await cut).toMatchObject({ code: 'ECONNRESET' });
  });
});
