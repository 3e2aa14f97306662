import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { mount } from '../../harness/world/live/mount.ts';
import { createLocalCa, type LocalCa } from './local-ca.ts';

const HOSTS = ['localhost', '127.0.0.1', 'login.microsoftonline.com', '[::1]'];

const withServer = async (ca: LocalCa, use: (origin: string) => Promise<void>) => {
  const mounted = await mount(async () => new Response('hello'), { tls: await ca.issue(HOSTS) });
  try {
    await use(mounted.origin);
  } finally {
    await mounted.close();
  }
};

const get = (url: string, ca?: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const call = request(url, { ...(ca ? { ca } : {}), agent: false }, (response) => {
      response.on('data', (chunk) => resolve(`${chunk}`));
    });
    call.on('error', (error: NodeJS.ErrnoException) => reject(error.code));
    call.end();
  });

describe('a certificate of the local authority', () => {
  test('is for the hosts that it was asked for, names and addresses, and for no other', async () => {
    const ca = await createLocalCa();
    const certificate = new X509Certificate((await ca.issue(HOSTS)).certPem);
    expect(certificate.subjectAltName).toBe(
      'DNS:localhost, IP Address:127.0.0.1, DNS:login.microsoftonline.com, IP Address:0:0:0:0:0:0:0:1',
    );
    expect(certificate.checkHost('example.com')).toBeUndefined();
    expect(certificate.ca).toBe(false);
  });

  test('is signed by it, and by it alone', async () => {
    const [ca, other] = [await createLocalCa(), await createLocalCa()];
    const certificate = new X509Certificate((await ca.issue(HOSTS)).certPem);
    const authority = new X509Certificate(ca.caCertPem);
    expect(authority.ca).toBe(true);
    expect(certificate.checkIssued(authority)).toBe(true);
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(certificate.verify(new X509Certificate(other.caCertPem).publicKey)).toBe(false);
  });

  test('is good for a day, from a few minutes ago', async () => {
    const { validFromDate, validToDate } = new X509Certificate((await (await createLocalCa()).issue(HOSTS)).certPem);
    expect(validFromDate.getTime()).toBeLessThan(Date.now() - 60_000);
    expect(validToDate.getTime() - validFromDate.getTime()).toBeLessThanOrEqual(24 * 3_600_000 + 6 * 60_000);
  });

  test('lets in who trusts the authority, and nobody else', async () => {
    const [ca, other] = [await createLocalCa(), await createLocalCa()];
    await withServer(ca, async (origin) => {
      expect(await get(origin, ca.caCertPem)).toBe('hello');
      await expect(get(origin)).rejects.toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED/);
      await expect(get(origin, other.caCertPem)).rejects.toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_SIGNATURE_FAILURE/);
    });
  });

  test('is trusted by the fetch of a child process with NODE_EXTRA_CA_CERTS', async () => {
    const ca = await createLocalCa();
    const folder = mkdtempSync(join(tmpdir(), 'squall-ca-'));
    try {
      const file = join(folder, 'ca.pem');
      writeFileSync(file, ca.caCertPem);
      await withServer(ca, async (origin) => {
        const script = `fetch('${origin}').then((r) => r.text()).then(console.log)`;
        const env = { ...process.env, NODE_EXTRA_CA_CERTS: file };
        const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env });
        expect(stdout.trim()).toBe('hello');
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('is for one host at least', async () => {
    await expect((await createLocalCa()).issue([])).rejects.toThrow(TypeError);
  });
});
