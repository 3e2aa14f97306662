import { chmodSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { composeCheck } from '../../../harness/doctor/compose.ts';
import { dockerCheck } from '../../../harness/doctor/docker.ts';
import { loopbackCheck } from '../../../harness/doctor/loopback.ts';
import { nodeVersionCheck } from '../../../harness/doctor/node-version.ts';
import { createScenarioFolder, type ScenarioFolder } from '../../support/scenario-file.ts';

describe('doctor: Node.js', () => {
  it.each(['22.22.0', '22.30.1', '24.0.0'])('takes %s', async (version) => {
    expect((await nodeVersionCheck(version).run()).status).toBe('ok');
  });

  it.each(['20.20.2', '22.21.9'])('refuses %s and says what is needed', async (version) => {
    const finding = await nodeVersionCheck(version).run();
    expect(finding).toMatchObject({ status: 'failed', detail: expect.stringContaining('22.22') });
  });
});

describe('doctor: loopback', () => {
  it('finds that this machine can listen', async () => {
    expect((await loopbackCheck.run()).status).toBe('ok');
  });
});

describe('doctor: Docker', () => {
  it('is a warning, with what works without it, when no engine answers', async () => {
    const finding = await dockerCheck('unix:///nonexistent/docker.sock').run();
    expect(finding).toMatchObject({ status: 'warning', detail: expect.stringContaining('runs without it') });
  });

  it('says what an engine that cannot be used would have to be', async () => {
    for (const [dockerHost, detail] of [
      ['tcp://build.example:2375', 'another machine'],
      ['ssh://build.example', 'neither unix:// nor tcp://'],
    ] as const)
      expect(await dockerCheck(dockerHost).run()).toMatchObject({
        status: 'warning',
        detail: expect.stringContaining(detail),
        remedy: expect.stringContaining('DOCKER_HOST'),
      });
  });

  it('is found at DOCKER_HOST', async () => {
    const version = JSON.stringify({ Version: '20.10.24', ApiVersion: '1.41' });
    const engine = createServer(({ url }, response) => response.end(url === '/version' ? version : undefined));
    await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = engine.address() as AddressInfo;
      expect(await dockerCheck(`tcp://127.0.0.1:${port}`).run()).toEqual({
        status: 'ok',
        detail: 'engine 20.10.24 answers, API 1.41',
      });
    } finally {
      engine.close();
    }
  });
});

describe('doctor: Docker Compose', () => {
  let programs: ScenarioFolder;
  beforeEach(() => {
    programs = createScenarioFolder();
    vi.stubEnv('PATH', programs.path);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    programs.remove();
  });
  const install = (name: string, script: string) => chmodSync(programs.write(name, `#!/bin/sh\n${script}\n`), 0o755);

  it('is a warning, with what works without it, where there is none', async () => {
    // Docker without the plug-in knows no such command.
    install('docker', 'exit 1');
    expect(await composeCheck.run()).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('runs without it'),
      remedy: expect.stringContaining('plug-in'),
    });
  });

  it("is found as docker's plug-in, or as a program of its own", async () => {
    install('docker-compose', '[ "$1" = version ] && echo 1.29.2');
    expect(await composeCheck.run()).toEqual({ status: 'ok', detail: 'docker-compose answers, version 1.29.2' });
    install('docker', '[ "$1 $2" = "compose version" ] && echo 2.40.3');
    expect(await composeCheck.run()).toEqual({ status: 'ok', detail: 'docker compose answers, version 2.40.3' });
  });
});
