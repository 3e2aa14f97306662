import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Description } from '../../harness/emulators/up.ts';
import { packageRoot } from '../../harness/package-root.ts';
import { readEphemeralStart } from '../../harness/wire/ports.ts';
import { clouds } from '../../mocks/clouds.ts';
import { type Ended, type Running, squall, startSquall } from '../support/squall.ts';

const run = promisify(execFile);

/** The user's folder for what lives no longer than its processes: each test has one of its own. */
let runtime: string;
let environment: NodeJS.ProcessEnv;
const started: Running[] = [];

beforeEach(() => {
  runtime = mkdtempSync(join(tmpdir(), 'squall-runtime-'));
  environment = { XDG_RUNTIME_DIR: runtime };
});
afterEach(async () => {
  await call(['down']);
  for (const running of started.splice(0)) {
    running.process.kill('SIGKILL');
    await running.ended;
  }
  rmSync(runtime, { recursive: true, force: true });
});

const call = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  squall(args, { env: { ...environment, ...env } });

/** `squall up --json` in the foreground, once it has printed all. */
const up = async (...args: readonly string[]): Promise<{ readonly running: Running; readonly description: Description }> => {
  const running = startSquall(['up', '--json', ...args], { env: environment });
  started.push(running);
  await running.until(() => running.printed.stdout.endsWith('}\n'));
  return { running, description: JSON.parse(running.printed.stdout) };
};

/** A user's program, told of the emulators by its environment. */
const program = async (
  name: string,
  { environment: variables }: Description,
  { args = [], env = {} }: { readonly args?: readonly string[]; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> => {
  const file = join(packageRoot, 'test', 'e2e', 'fixtures', name);
  const { stdout } = await run(process.execPath, [file, ...args], { env: { ...process.env, ...variables, ...env } });
  return stdout.trim();
};

/** PNGs of digits, whose names begin with what they show. */
const PICTURES = join(packageRoot, 'mocks', 'models', 'vision', 'samples');

describe('squall up', () => {
  it('serves SDKs that know of it by the environment, until it is interrupted, and leaves nothing behind', async () => {
    const { running, description } = await up('--cloud', 'ibm');
    expect(await program('ibm-token.ts', description)).toBe('token');
    expect(description.endpoints.map(({ origin }) => new URL(origin).hostname)).toEqual(
      description.endpoints.map(() => '127.0.0.1'),
    );
    expect(new Set(description.endpoints.map(({ origin }) => origin)).size).toBe(description.endpoints.length);

    running.process.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    expect(readdirSync(runtime)).toEqual([]);
    expect(running.descendants()).toEqual([]);
    await expect(fetch(description.endpoints[0]!.origin)).rejects.toThrow();
  });

  it('answers with its models of vision and of text what SDKs of several clouds ask', async () => {
    const { description } = await up('--cloud', 'aws,azure,huggingface');
    expect((await program('every-model.ts', description, { env: { PICTURES } })).split('\n')).toEqual([
      'rekognition Four',
      'language positive',
      'sentiment positive',
      'embedding 64',
      'digits 4',
    ]);
  });

  it('serves Cloud Vision over gRPC to the client as it is, and denies it there as over REST', async () => {
    const { description } = await up('--cloud', 'google');
    const { grpc } = description.endpoints.find(({ id }) => id === 'google/global/vision')!;
    const env = { VISION_GRPC: grpc!, PICTURES, DIGITS: '0123456789' };
    expect(await program('vision-grpc.ts', description, { env })).toBe('Zero One Two Three Four Five Six Seven Eight Nine');
    await call(['fault', 'add', 'permission-revocation', '--target', 'google/global/vision']);
    // PERMISSION_DENIED.
    expect(await program('vision-grpc.ts', description, { env })).toBe('failed: 7');
    await call(['fault', 'remove', 'permission-revocation']);
    expect(await program('vision-grpc.ts', description, { env: { ...env, DIGITS: '8' } })).toBe('Eight');
  });

  it('comes up again in the shell that was told of emulators which are down', async () => {
    const first = await call(['up', '--cloud', 'google', '--detach', '--json']);
    const { environment: told } = JSON.parse(first.stdout) as Description;
    expect(told.GRPC_DEFAULT_SSL_ROOTS_FILE_PATH).toContain(runtime);
    await call(['down']);
    const second = await call(['up', '--cloud', 'google', '--detach', '--json'], told);
    expect(second).toMatchObject({ code: 0 });
    expect((JSON.parse(second.stdout) as Description).environment.SQUALL_CONTROL_TOKEN).not.toBe(told.SQUALL_CONTROL_TOKEN);
  });

  it('puts up the clouds and regions that are asked for', async () => {
    const { description } = await up('--cloud', 'ibm,azure', '--region', 'ibm/eu-de');
    const regionsOf = (cloud: string) =>
      new Set(description.endpoints.filter((endpoint) => endpoint.cloud === cloud).map(({ region }) => region));
    expect(regionsOf('ibm')).toEqual(new Set(['global', 'eu-de']));
    expect(regionsOf('azure')).toEqual(new Set(['global', ...clouds.find(({ cloud }) => cloud === 'azure')!.regions]));
    expect(regionsOf('google')).toEqual(new Set());
  });

  it('takes the ports after the one that is named, and says so when one is taken', async () => {
    // Below what the system gives to others, so that nobody takes them meanwhile.
    const base = (readEphemeralStart() ?? 32_768) - 5_000 + Math.floor(Math.random() * 4_000);
    const { running, description } = await up('--cloud', 'ibm', '--port', String(base));
    expect(description.control.url).toBe(`http://127.0.0.1:${base}`);
    expect(description.endpoints.map(({ origin }) => Number(new URL(origin).port))).toEqual(
      description.endpoints.map((_, index) => base + 1 + index),
    );
    running.process.kill('SIGTERM');
    await running.ended;

    const high = await call(['up', '--cloud', 'ibm', '--port', '65533']);
    expect(high.stderr).toContain('--port: 6 ports are needed, from 65533 on');
    expect(high.code).toBe(2);

    const taken = createServer().listen(base + 2, '127.0.0.1');
    try {
      const { code, stderr } = await call(['up', '--cloud', 'ibm', '--port', String(base)]);
      expect(stderr).toContain(`Port ${base + 2} on 127.0.0.1 is in use.`);
      expect(code).toBe(2);
      expect(readdirSync(runtime)).toEqual([]);
    } finally {
      taken.close();
    }
  });

  it('is refused while emulators are up, and takes the place of those whose process was killed', async () => {
    const { running } = await up('--cloud', 'ibm');
    const { code, stderr } = await call(['up', '--cloud', 'ibm']);
    expect(stderr).toContain('Emulators are up already');
    expect(stderr).toContain('squall down');
    expect(code).toBe(2);

    running.process.kill('SIGKILL');
    await running.ended;
    const { description } = await up('--cloud', 'ibm');
    expect(await program('ibm-token.ts', description)).toBe('token');
  });

  it('tells a shell that names its files how to forget them, and no other', async () => {
    for (const isTold of [true, false]) {
      const { running, description } = await up('--cloud', 'ibm');
      const certificates = isTold ? { NODE_EXTRA_CA_CERTS: description.caCertificate } : {};
      const { stderr, code } = await call(['down'], certificates);
      expect(code).toBe(0);
      if (isTold) expect(stderr).toContain('Run: unset NODE_EXTRA_CA_CERTS\n');
      else expect(stderr).not.toContain('unset');
      await running.ended;
    }
  });

  it('ends with 0 when it is taken down', async () => {
    const { running } = await up('--cloud', 'ibm');
    expect((await call(['down'])).code).toBe(0);
    expect((await running.ended).code).toBe(0);
  });
});

describe('squall up --env', () => {
  it('sets a shell up and returns while the emulators stay up; squall down leaves nothing', async () => {
    const squallFile = join(packageRoot, 'bin', 'squall.ts');
    const fixture = join(packageRoot, 'test', 'e2e', 'fixtures', 'ibm-token.ts');
    const command = `"${process.execPath}" "${squallFile}"`;
    const script = [
      `eval "$(${command} up --env --cloud ibm)"`,
      `"${process.execPath}" "${fixture}"`,
      `${command} fault add region-outage --target ibm/global >/dev/null`,
      `"${process.execPath}" "${fixture}"`,
      `${command} fault remove region-outage`,
      `"${process.execPath}" "${fixture}"`,
    ].join('\n');
    const { stdout } = await run('sh', ['-ec', script], { env: { ...process.env, ...environment } });
    expect(stdout).toMatch(/^token\nfailed: .*ECONNREFUSED.*\nregion-outage is lifted\.\ntoken\n$/);

    const again = await call(['up', '--env']);
    expect(again.stdout).toContain('export IBMCLOUD_API_KEY=');
    const other = await call(['up', '--env']);
    expect(other.stdout).toBe(again.stdout);
    const control = /SQUALL_CONTROL_URL='([^']+)'/.exec(again.stdout)![1]!;
    expect((await fetch(control)).status).toBe(401);

    expect((await call(['down'])).code).toBe(0);
    expect(readdirSync(runtime)).toEqual([]);
    await expect(fetch(control)).rejects.toThrow();
  });

  it('says what is wrong, and exports nothing', async () => {
    const { code, stdout, stderr } = await call(['up', '--env', '--cloud', 'azzure']);
    expect(stderr).toContain('no cloud is called "azzure". Did you mean "azure"?');
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(readdirSync(runtime)).toEqual([]);
  });
});

describe('squall fault', () => {
  it('injects a fault that lifts by itself, and lists it while it holds', async () => {
    const { description } = await up('--cloud', 'ibm');
    expect((await call(['fault', 'list'])).stdout).toBe('No fault holds.\n');
    const added = await call(['fault', 'add', 'error-burst', '--target', 'ibm', '--for', '3s', '--json', 'burst=1s', 'every=1s']);
    expect(JSON.parse(added.stdout)).toMatchObject({ name: 'error-burst', settings: { burst: 1000 } });
    expect(await program('ibm-token.ts', description)).toBe('failed: 503');
    let listed = '';
    do listed = (await call(['fault', 'list'])).stdout;
    while (listed !== 'No fault holds.\n');
    expect(await program('ibm-token.ts', description)).toBe('token');
  });

  it('revokes a credential, and gives a new one', async () => {
    const { description } = await up('--cloud', 'ibm');
    expect((await call(['fault', 'add', 'credential-revocation', '--target', 'ibm', 'replacementAfter=never'])).code).toBe(0);
    expect(await program('ibm-token.ts', description)).toBe('failed: 400');
    await call(['fault', 'remove', 'credential-revocation']);
    const upNow = async () => JSON.parse((await call(['up', '--env', '--json'])).stdout) as Description;
    let now = await upNow();
    while (now.environment.IBMCLOUD_API_KEY === description.environment.IBMCLOUD_API_KEY) now = await upNow();
    expect(now).toMatchObject({ pid: description.pid, endpoints: description.endpoints });
    expect(await program('ibm-token.ts', now)).toBe('token');
  });

  it('takes a permission of one service, and gives it back', async () => {
    const { description } = await up('--cloud', 'aws,azure,huggingface');
    const asked = async () => (await program('every-model.ts', description, { env: { PICTURES } })).split('\n');
    const target = ['--target', 'aws/*/rekognition'];
    expect((await call(['fault', 'add', 'permission-revocation', ...target, 'operation=DetectLabels'])).code).toBe(0);
    const [rekognition, ...others] = await asked();
    expect(rekognition).toMatch(/^rekognition failed: AccessDeniedException .* rekognition:DetectLabels /);
    expect(others).toEqual(['language positive', 'sentiment positive', 'embedding 64', 'digits 4']);
    await call(['fault', 'remove', 'permission-revocation']);
    expect((await asked())[0]).toBe('rekognition Four');

    const { code, stderr } = await call(['fault', 'add', 'permission-revocation', ...target, 'operation=DetectLable']);
    expect(stderr).toContain('Did you mean "DetectLabels"?');
    expect(code).toBe(2);
  });

  it('takes spot instances after a notice that their metadata tells, and is refused where there are none', async () => {
    const { description } = await up('--cloud', 'aws,ibm', '--region', 'aws/us-east-1');
    const state = (...args: readonly string[]) => program('spot-notice.ts', description, { args });
    const interrupt = (notice: string) =>
      call(['fault', 'add', 'spot-interruption', '--target', 'aws/us-east-1', '--json', `notice=${notice}`]);
    // The machine that the workload itself stands on.
    expect(await state()).toBe('none 404');
    expect(JSON.parse((await interrupt('10m')).stdout)).toMatchObject({
      links: ['aws/us-east-1/ec2'],
      settings: { notice: 600_000 },
    });
    expect(await state()).toBe('none terminate');

    // One that it has launched.
    expect(await state('launch')).toMatch(/^(pending|running) 404$/);
    await interrupt('1ms');
    await expect.poll(() => state(), { timeout: 20_000 }).toMatch(/^(shutting-down|terminated) /);

    const { code, stderr } = await call(['fault', 'add', 'spot-interruption', '--target', 'ibm']);
    expect(stderr).toContain('nothing that it targets has spot instances');
    expect(stderr).toContain('It could match: aws/us-east-1/ec2.');
    expect(code).toBe(2);
  });

  it('makes a certificate expire, or be of another host, where there is TLS, and is refused by name elsewhere', async () => {
    const { description } = await up('--cloud', 'azure,huggingface');
    expect(await program('entra-over-tls.ts', description)).toBe('200 https');
    await call(['fault', 'add', 'certificate-expired', '--target', 'azure/global/entra', '--name', 'old']);
    expect(await program('entra-over-tls.ts', description)).toBe('failed: CERT_HAS_EXPIRED');
    await call(['fault', 'remove', 'old']);
    await call(['fault', 'add', 'certificate-wrong-host', '--target', 'azure']);
    expect(await program('entra-over-tls.ts', description)).toBe('failed: ERR_TLS_CERT_ALTNAME_INVALID');
    await call(['fault', 'remove', 'certificate-wrong-host']);
    expect(await program('entra-over-tls.ts', description)).toBe('200 https');

    const { code, stderr } = await call(['fault', 'add', 'certificate-expired', '--target', 'huggingface']);
    expect(stderr).toContain('target huggingface matches no link that certificate-expired with these settings acts on');
    expect(code).toBe(2);
  });

  it('says in one message what is wrong, and what would be right', async () => {
    await up('--cloud', 'ibm');
    const cases: readonly (readonly [readonly string[], readonly string[]])[] = [
      [['region-outage'], ['--target']],
      [
        ['region-outtage', '--target', 'ibm'],
        ['region-outtage', 'Did you mean "region-outage"?'],
      ],
      [
        ['region-outage', '--target', 'ibm', 'blackhole'],
        ['blackhole', 'name=value'],
      ],
      [['region-outage', '--target', 'ibm', 'for=3s'], ['--for']],
      [['region-outage', '--target', 'ibm', 'at=3s'], ['starts at once']],
      [
        ['region-outage', '--target', 'ibm', 'mood=blackhole'],
        ['Did you mean "mode"? Known: mode', 'squall list faults'],
      ],
      [['region-outage', '--target', 'ibm', '--header', 'x'], ['name: value']],
      [['region-outage', '--target', 'ibm/eu-dee'], ['ibm/eu-de']],
    ];
    for (const [args, words] of cases) {
      const { code, stdout, stderr } = await call(['fault', 'add', ...args]);
      for (const word of words) expect(stderr).toContain(word);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect([stdout, code], stderr).toEqual(['', 2]);
    }
    const { code, stderr } = await call(['fault', 'remove', 'region-outage']);
    expect(stderr).toContain('No fault is called "region-outage"');
    expect(code).toBe(2);
  });

  it.each([[['fault', 'list']], [['fault', 'add', 'region-outage', '--target', 'aws']], [['down']]])(
    'says that no emulators are up: squall %j',
    async (args) => {
      const { code, stderr } = await call(args);
      expect(stderr).toContain('No emulators are up.');
      expect(stderr).toContain('squall up');
      expect(code).toBe(2);
    },
  );
});

describe('squall providers', () => {
  it('lists every service in 80 columns, and as JSON', async () => {
    const { stdout } = await call(['providers']);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const { services } = JSON.parse((await call(['providers', '--json'])).stdout) as {
      readonly services: readonly { cloud: string; service: string; operations: readonly { name: string }[] }[];
    };
    expect(services.map(({ cloud, service }) => `${cloud}/${service}`)).toEqual(
      clouds.flatMap(({ services: own }) => own.map(({ spec }) => `${spec.cloud}/${spec.service}`)),
    );
    for (const { cloud, service, operations } of services) {
      for (const name of [cloud, service]) expect(stdout).toContain(name);
      for (const { name } of operations) expect(stdout).toContain(name);
    }
  });
});
