import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress, resolveListen } from '../../../../harness/wire/toxiproxy/address.ts';

const port = fc.integer({ min: 0, max: 65_535 });

describe('an address', () => {
  it('is read as it is written, for IPv4, IPv6 and names', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()), port, (host, number) => {
        const address = { host, port: number };
        expect(parseAddress(formatAddress(address))).toEqual(address);
      }),
    );
  });

  it('is refused with a port that there is not', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ max: -1 }), fc.integer({ min: 65_536 })), (number) => {
        expect(() => parseAddress(`localhost:${number}`)).toThrow(`address ${number}: invalid port`);
      }),
    );
  });
});

describe('where a proxy listens', () => {
  it.each(['', ':', ':0'])('is loopback and a free port for %j', async (text) => {
    expect(await resolveListen(text)).toEqual({ host: '127.0.0.1', port: 0 });
  });

  it('is loopback where only a port is named', async () => {
    expect(await resolveListen(':26379')).toEqual({ host: '127.0.0.1', port: 26_379 });
  });

  it('is every interface where the user says so', async () => {
    expect(await resolveListen('0.0.0.0:26379')).toEqual({ host: '0.0.0.0', port: 26_379 });
  });

  it('is IPv4 for a name that has both', async () => {
    expect(await resolveListen('localhost:80')).toEqual({ host: '127.0.0.1', port: 80 });
  });
});
