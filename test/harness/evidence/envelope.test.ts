import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, type KeyPairKeyObjectResult, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IN_TOTO, openEnvelope, preAuthenticationEncoding, signEnvelope } from '../../../harness/evidence/signing/envelope.ts';
import { readPrivateKey, readPublicKey } from '../../../harness/evidence/signing/keys.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const encodings = {
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
} as const;

interface Pair {
  readonly publicKey: string;
  readonly privateKey: string;
}

const asPem = ({ publicKey, privateKey }: KeyPairKeyObjectResult): Pair => ({
  publicKey: publicKey.export(encodings.publicKeyEncoding).toString(),
  privateKey: privateKey.export(encodings.privateKeyEncoding).toString(),
});

const ofRsa = (modulusLength: number): Pair => asPem(generateKeyPairSync('rsa', { modulusLength }));
const ofCurve = (namedCurve: string): Pair => asPem(generateKeyPairSync('ec', { namedCurve }));
const ofEd25519 = (): Pair => asPem(generateKeyPairSync('ed25519'));

const kinds = { ed25519: ofEd25519, 'p-256': () => ofCurve('P-256'), rsa: () => ofRsa(2048) };

const written = (name: string, { publicKey, privateKey }: Pair) => {
  const paths = { private: join(folder, `${name}.pem`), public: join(folder, `${name}.pub.pem`) };
  writeFileSync(paths.private, privateKey);
  writeFileSync(paths.public, publicKey);
  return paths;
};

const base64url = (decimal: string): string =>
  Buffer.from(BigInt(decimal).toString(16).padStart(64, '0'), 'hex').toString('base64url');

describe('an envelope', () => {
  it('encodes what is signed as DSSE does: the test vector of its protocol.md verifies', () => {
    const payload = Buffer.from('hello world');
    const encoded = preAuthenticationEncoding('http://example.com/HelloWorld', payload);
    expect(Buffer.from(encoded).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
    const key = createPublicKey({
      format: 'jwk',
      key: {
        kty: 'EC',
        crv: 'P-256',
        x: base64url('46950820868899156662930047687818585632848591499744589407958293238635476079160'),
        y: base64url('5640078356564379163099075877009565129882514886557779369047442380624545832820'),
      },
    });
    const sig = 'A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==';
    expect(verify('sha256', encoded, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(sig, 'base64'))).toBe(true);
  });

  it.each(Object.entries(kinds))('is opened by the public key of its own pair only: %s', (name, generate) => {
    const own = written(name, generate());
    const other = written(`${name}-other`, generate());
    const text = signEnvelope('{"a":1}', readPrivateKey(own.private));
    expect(openEnvelope(text, readPublicKey(own.public))).toEqual({ payload: '{"a":1}' });
    expect(openEnvelope(text, readPublicKey(other.public)).problem).toMatch(/was made with another key/);
    const foreign = text.replace(readPublicKey(own.public).id, readPublicKey(other.public).id);
    expect(openEnvelope(foreign, readPublicKey(other.public)).problem).toBe('has a signature that does not fit');
  });

  it.each(Object.entries(kinds))('is verified by OpenSSL, too: %s', (name, generate) => {
    const paths = written(`${name}-openssl`, generate());
    const { payload, signatures } = JSON.parse(signEnvelope('{"a":1}', readPrivateKey(paths.private)));
    writeFileSync(join(folder, 'signed'), preAuthenticationEncoding(IN_TOTO, Buffer.from(payload, 'base64')));
    writeFileSync(join(folder, 'signature'), Buffer.from(signatures[0].sig, 'base64'));
    const digest = name === 'ed25519' ? [] : ['-digest', 'sha256'];
    const args = ['-verify', '-pubin', '-inkey', paths.public, '-rawin', ...digest, '-in', join(folder, 'signed')];
    const said = execFileSync('openssl', ['pkeyutl', ...args, '-sigfile', join(folder, 'signature')], { encoding: 'utf8' });
    expect(said).toMatch(/Verified Successfully/);
  });

  it('refuses keys that it can not sign with, and never shows what a file holds', () => {
    const small = written('small', ofRsa(1024));
    const curve = written('p-384', ofCurve('P-384'));
    const text = join(folder, 'text');
    writeFileSync(text, 'a secret of somebody');
    expect(() => readPrivateKey(small.private)).toThrow(/has a key of another kind \(rsa\)/);
    expect(() => readPrivateKey(curve.private)).toThrow(/has a key of another kind \(ec\)/);
    expect(() => readPrivateKey(curve.public)).toThrow(/has no private key/);
    expect(() => readPublicKey(curve.private)).toThrow(/has a private key; expected the public one/);
    expect(() => readPublicKey(text)).toThrow(new RegExp(`^--key: ${text} has no public key\\.$`));
    expect(() => readPrivateKey(join(folder, 'nothing'))).toThrow(/can't be read: ENOENT/);
  });

  it('signs with an encrypted key by its passphrase', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const encryption = { ...encodings.privateKeyEncoding, cipher: 'aes-256-cbc', passphrase: 'right' };
    const paths = written('encrypted', {
      publicKey: publicKey.export(encodings.publicKeyEncoding).toString(),
      privateKey: privateKey.export(encryption).toString(),
    });
    expect(() => readPrivateKey(paths.private)).toThrow(/is encrypted/);
    expect(() => readPrivateKey(paths.private, 'wrong')).toThrow(/can't be decrypted by SQUALL_KEY_PASSPHRASE/);
    const text = signEnvelope('{}', readPrivateKey(paths.private, 'right'));
    expect(openEnvelope(text, readPublicKey(paths.public))).toEqual({ payload: '{}' });
  });
});
