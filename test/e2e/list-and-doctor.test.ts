import { describe, expect, it } from 'vitest';
import { faultKinds } from '../../harness/faults/index.ts';
import { toxicKinds } from '../../harness/wire/toxics/index.ts';
import { squall } from '../support/squall.ts';

describe('squall list', () => {
  it('names the scenarios that ship', async () => {
    const { code, stdout } = await squall(['list']);
    for (const name of ['region-outage', 'latency-spike', 'credential-revocation', 'cost-spike']) expect(stdout).toContain(name);
    expect(code).toBe(0);
  });

  it('derives fault kinds and their settings from the index', async () => {
    const { stdout } = await squall(['list', 'faults']);
    for (const { kind, settings } of faultKinds) {
      expect(stdout).toContain(kind);
      for (const setting of Object.keys(settings.shape)) expect(stdout).toContain(setting);
    }
  });

  it('derives toxics and their attributes from the index, with those that each has once', async () => {
    const { stdout } = await squall(['list', 'toxics']);
    for (const { type, attributes } of toxicKinds.values()) {
      expect(stdout).toContain(type);
      for (const attribute of Object.keys(attributes.shape)) expect(stdout).toContain(attribute);
    }
    expect(stdout.split('after_ms')).toHaveLength(2);
  });

  it.each([
    'scenarios',
    'faults',
    'toxics',
    'http-faults',
    'designs',
    'metrics',
    'reporters',
    'import-formats',
    'columns',
    'frameworks',
  ])('gives %s as JSON and as a table of 80 columns', async (what) => {
    const entries = JSON.parse((await squall(['list', what, '--json'])).stdout)[what];
    expect(entries.length).toBeGreaterThan(0);
    for (const entry of entries)
      expect(entry).toMatchObject({ name: expect.stringMatching(/./), summary: expect.stringMatching(/./) });
    const { stdout } = await squall(['list', what]);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain('[object');
  });
});

describe('squall doctor', () => {
  it('finds this machine fit, and says what Docker would add', async () => {
    const { code, stdout } = await squall(['doctor'], { env: { DOCKER_HOST: 'unix:///nonexistent/docker.sock' } });
    expect(stdout).toContain('Node.js');
    expect(stdout).toMatch(/Docker.*does not answer/);
    expect(code).toBe(0);
  });
});

describe('squall --version and --help', () => {
  it('print to standard output and succeed', async () => {
    expect(await squall(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(await squall(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Exit codes: 0 passed') });
  });
});
