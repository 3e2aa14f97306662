import { z } from 'zod';
import { canonicalJson } from '../canonical.ts';
import type { SigningKey, VerifyingKey } from './keys.ts';

/** Media type of an in-toto statement in an envelope (in-toto Attestation Framework v1, envelope; read November 2026). */
export const IN_TOTO = 'application/vnd.in-toto+json';

const envelopeFile = z.strictObject({
  payload: z.base64(),
  payloadType: z.literal(IN_TOTO),
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.base64() })).length(1),
});

/** What is signed: DSSE's pre-authentication encoding (protocol.md, version 1.0.0; read November 2026). */
export const preAuthenticationEncoding = (payloadType: string, payload: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.byteLength} `), payload]);

/** A DSSE envelope around a statement, as the text of its file. */
export const signEnvelope = (payload: string, key: SigningKey): string => {
  const bytes = Buffer.from(payload);
  const sig = key.sign(preAuthenticationEncoding(IN_TOTO, bytes));
  return canonicalJson({
    payload: bytes.toString('base64'),
    payloadType: IN_TOTO,
    signatures: [{ keyid: key.id, sig: Buffer.from(sig).toString('base64') }],
  });
};

/** What came of an envelope: the payload that was signed, or what is wrong. */
export type Opened =
  | { readonly payload: string; readonly problem?: never }
  | { readonly problem: string; readonly payload?: never };

/**
 * Opens an envelope. It must be as `signEnvelope` writes it, byte for byte: DSSE itself would let other spellings of the same pass.
 */
export const openEnvelope = (text: string, key: VerifyingKey): Opened => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'is not JSON' };
  }
  const parsed = envelopeFile.safeParse(value);
  if (!parsed.success) return { problem: 'is no DSSE envelope of an in-toto statement with one signature' };
  const { payload, signatures } = parsed.data;
  const [{ keyid, sig }] = signatures as [{ keyid: string; sig: string }];
  const bytes = Buffer.from(payload, 'base64');
  const signature = Buffer.from(sig, 'base64');
  const again = { ...parsed.data, payload: bytes.toString('base64'), signatures: [{ keyid, sig: signature.toString('base64') }] };
  if (canonicalJson(again) !== text) return { problem: 'is not written as squall writes it' };
  if (keyid !== key.id) return { problem: `was made with another key, ${keyid}; the given one is ${key.id}` };
  if (!key.verify(preAuthenticationEncoding(IN_TOTO, bytes), signature)) return { problem: 'has a signature that does not fit' };
  return { payload: bytes.toString('utf8') };
};
