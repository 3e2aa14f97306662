import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { Agent, fetch } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { http } from '../../../../harness/faults/http.ts';
import { issueCertificates } from '../../../../harness/tls/certificates.ts';
import { createLocalCa, type LocalCa } from '../../../../harness/tls/local-ca.ts';
import { serverOptions } from '../../../../harness/tls/own-identity.ts';
import { createIdentityIssuer, type IdentityIssuer, type IdentitySource } from '../../../../harness/tls/part-identity.ts';
import { createLinkProxy, type LinkProxy } from '../../../../harness/wire/link/link-proxy.ts';
import { faultWith, linkWith } from '../../../support/wire.ts';

const SECRET = 'patient-4711-positive';
const LIFETIME_MS = 60_000;

let ca: LocalCa;
let issuer: IdentityIssuer;
let wireIdentity: IdentitySource;
const closers: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  ca = await createLocalCa();
  issuer = createIdentityIssuer(ca, { lifetimeMs: LIFETIME_MS, isMutual: true });
  wireIdentity = await issuer.identityFor(['wire.stack.test']);
});
afterAll(() => issuer.close());
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => void server.close());
  return (server.address() as AddressInfo).port;
};

/** Passes bytes on to a port, and keeps all of both directions, as somebody would who listens on the way. */
const listenTo = async (port: number) => {
  const heard: Buffer[] = [];
  const relay = createServer((caller) => {
    const to = connect(port, '127.0.0.1');
    for (const [from, into] of [
      [caller, to],
      [to, caller],
    ] as const) {
      from.on('data', (chunk: Buffer) => {
        heard.push(chunk);
        into.write(chunk);
      });
      from.on('close', () => into.destroy());
      from.on('error', () => undefined);
    }
  });
  return { port: await listen(relay), text: () => Buffer.concat(heard).toString('latin1') };
};

/** An emulator that shows who called it, behind a listener; and a link before it, behind another. */
const setUp = async () => {
  const identity = await issuer.identityFor(['aws.stack.test', 'localhost', '127.0.0.1']);
  const emulator = createHttpsServer(serverOptions(identity.current), (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => response.end(`seen ${Buffer.concat(chunks)}`));
  });
  const behind = await listenTo(await listen(emulator));
  closers.push(() => emulator.closeAllConnections());
  const proxy = await createLinkProxy({
    link: linkWith({ isTls: true }),
    upstreamOrigin: `https://localhost:${behind.port}`,
    seed: 1,
    certificates: await issueCertificates(ca, [], { isMutual: true }),
    identity: wireIdentity,
    onEvent: () => undefined,
    onBroken: () => undefined,
  });
  closers.push(proxy.close);
  const before = await listenTo(Number(new URL(proxy.origin).port));
  return { proxy, before, behind };
};

type Shown = { readonly certPem: string; readonly keyPem: string } | undefined;

const ask = async (port: number, shown: Shown, trusted = ca.caCertPem): Promise<string> => {
  const agent = new Agent({ connect: { ca: trusted, ...(shown ? { cert: shown.certPem, key: shown.keyPem } : {}) } });
  closers.push(() => agent.destroy());
  const answer = await fetch(`https://localhost:${port}/`, { method: 'POST', body: SECRET, dispatcher: agent });
  return answer.text();
};

const countOf = (proxy: LinkProxy) => ({ ...proxy.connections });

describe('a link whose callers prove themselves', () => {
  it('lets in parts of the run, and shows nothing to whoever listens before or behind it', async () => {
    const { proxy, before, behind } = await setUp();
    const gateway = await issuer.identityFor(['gateway.stack.test']);
    expect(await ask(before.port, gateway.current)).toBe(`seen ${SECRET}`);
    for (const heard of [before.text(), behind.text()]) {
      expect(heard.length).toBeGreaterThan(1000);
      expect(heard).not.toContain(SECRET);
      expect(heard).not.toContain('POST');
    }
    expect(countOf(proxy)).toEqual({ secured: 1, plain: 0 });
  });

  it('shows nothing while faults act on HTTP as it is written, either', async () => {
    const { proxy, before, behind } = await setUp();
    const gateway = await issuer.identityFor(['gateway.stack.test']);
    const delay = http.live!(http.settings.parse({ type: 'delay', settings: { latency: '100ms' } }));
    await proxy.begin(faultWith(), delay);
    const startMs = performance.now();
    expect(await ask(before.port, gateway.current)).toBe(`seen ${SECRET}`);
    expect(performance.now() - startMs).toBeGreaterThan(95);
    expect(before.text() + behind.text()).not.toContain(SECRET);
  });

  it('lets nobody else in: without a certificate, with one of another authority, with a server’s, with one that has ended', async () => {
    const { proxy, before } = await setUp();
    const other = await createLocalCa();
    const strangers: Readonly<Record<string, Shown>> = {
      none: undefined,
      'of another authority': await other.issue(['gateway.stack.test'], { usage: 'client' }),
      "a server's": await ca.issue(['gateway.stack.test']),
      ended: await ca.issue(['gateway.stack.test'], { usage: 'client', isExpired: true }),
    };
    for (const [who, shown] of Object.entries(strangers)) {
      await expect(ask(before.port, shown), who).rejects.toThrow('fetch failed');
    }
    await expect(
      fetch(`http://localhost:${before.port}/`, { signal: AbortSignal.timeout(2000) }).then((answer) => answer.text()),
    ).rejects.toThrow();
    expect(countOf(proxy).secured).toBe(0);
  });

  it('is not believed by callers who do not know its authority, nor when its certificate has expired', async () => {
    const { proxy, before } = await setUp();
    const gateway = await issuer.identityFor(['gateway.stack.test']);
    const other = await createLocalCa();
    await expect(ask(before.port, gateway.current, other.caCertPem)).rejects.toThrow('fetch failed');
    await proxy.begin(faultWith(), { certificate: () => 'expired' });
    await expect(ask(before.port, gateway.current)).rejects.toMatchObject({ cause: { code: 'CERT_HAS_EXPIRED' } });
    await proxy.end(faultWith());
    expect(await ask(before.port, gateway.current)).toBe(`seen ${SECRET}`);
  });
});

describe('an identity', () => {
  it('is replaced before it ends, and who watches hears of it', async () => {
    const shortLived = createIdentityIssuer(ca, { lifetimeMs: 60, isMutual: true });
    const source = await shortLived.identityFor(['node.stack.test']);
    const first = source.current;
    const next = await new Promise((resolve) => source.watch(resolve));
    shortLived.close();
    expect(next).not.toEqual(first);
    expect(next).toMatchObject({ caPem: ca.caCertPem, isMutual: true });
    expect(source.current).toBe(next);
  });
});
