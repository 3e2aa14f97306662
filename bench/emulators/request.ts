import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { loadSamples } from '../../harness/load/samples.ts';
import type { ProviderCredential } from '../../mocks/emulator.ts';

export const REGION = 'us-east-1';
export const ENDPOINT = 'digits';

/** A request as autocannon sends it. */
export interface Signed {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** InvokeEndpoint with one digit, signed by AWS's own signer. The signature is good for five minutes, so one serves a whole round. */
export const signInvoke = async (origin: string, credential: ProviderCredential): Promise<Signed> => {
  if (credential.provider !== 'aws') throw new TypeError('AWS signs with a credential of AWS');
  const signer = new SignatureV4({ credentials: credential, region: REGION, service: 'sagemaker', sha256: Sha256 });
  const { host, hostname } = new URL(origin);
  const path = `/endpoints/${ENDPOINT}/invocations`;
  const body = JSON.stringify({ instances: [loadSamples('digits')[0]!.pixels] });
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: 'http:',
    hostname,
    path,
    headers: { host, 'content-type': 'application/json' },
    body,
  });
  return { path, headers, body };
};
