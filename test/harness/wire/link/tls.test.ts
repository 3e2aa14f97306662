import { request as httpsRequest } from 'node:https';
import { beforeAll, describe, expect, it } from 'vitest';
import { SquallError } from '../../../../harness/errors.ts';
import { bindFault } from '../../../../harness/faults/bind.ts';
import { type Certificates, issueCertificates } from '../../../../harness/tls/certificates.ts';
import { createLocalCa, type LocalCa } from '../../../../harness/tls/local-ca.ts';
import { effectOf, links } from '../../../support/faults.ts';
import { faultWith, linkWith, rawClient, settled, startWire, stateEffect, type TestWire } from '../../../support/wire.ts';

const link = linkWith({ isTls: true });

let ca: LocalCa;
let certificates: Certificates;
beforeAll(async () => {
  ca = await createLocalCa();
  certificates = await issueCertificates(ca);
});

const given = () => startWire((_, response) => void response.end('served'), { link, certificates });

/** Status and body, or the error's code, of a request on a connection of its own. */
const ask = ({ proxy }: TestWire): Promise<string> =>
  new Promise((resolve) => {
    const request = httpsRequest(proxy.origin, { ca: ca.caCertPem, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve(`${response.statusCode} ${body}`));
    });
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    request.end();
  });

describe('a link over TLS', () => {
  it('serves who trusts the CA', async () => {
    await using wire = await given();
    expect(wire.proxy.origin).toMatch(/^https:/);
    expect(await ask(wire)).toBe('200 served');
  });

  it.each([
    ['certificate-expired', 'CERT_HAS_EXPIRED'],
    ['certificate-wrong-host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('shows the flaw of %s while it lasts', async (kind, code) => {
    await using wire = await given();
    const fault = faultWith({ kind });
    await wire.proxy.begin(fault, effectOf(kind));
    expect(await ask(wire)).toBe(code);
    await wire.proxy.end(fault);
    expect(await ask(wire)).toBe('200 served');
  });

  it('is reset with a TCP RST', async () => {
    await using wire = await given();
    await wire.proxy.begin(faultWith(), effectOf('region-outage', { mode: 'partial', percent: '100%' }));
    expect(await ask(wire)).toBe('ECONNRESET');
    expect(wire.broken).toEqual([]);
  });

  it('answers no handshake in a black hole, and lets go of it at the end', async () => {
    await using wire = await given();
    const fault = faultWith();
    await wire.proxy.begin(fault, stateEffect('blackhole'));
    const answer = ask(wire);
    await settled();
    await wire.proxy.end(fault);
    expect(await answer).toBe('ECONNRESET');
    expect(await ask(wire)).toBe('200 served');
  });

  it('survives who speaks no TLS to it', async () => {
    await using wire = await given();
    const client = rawClient(wire.port);
    await client.connected;
    client.send('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await client.ended;
    expect(client.received()).not.toContain('served');
    expect(await ask(wire)).toBe('200 served');
    expect(wire.broken).toEqual([]);
  });
});

describe('a fault of certificates', () => {
  it.each(['certificate-expired', 'certificate-wrong-host'])('is refused by name where links have no TLS: %s', (kind) => {
    for (const world of ['live', 'sim'] as const) {
      const bind = () => bindFault(faultWith({ name: 'flaw', kind }), world, links);
      expect(bind).toThrow(SquallError);
      expect(bind).toThrow(`Fault flaw: target * matches no link that ${kind} with these settings acts on.`);
    }
  });
});
