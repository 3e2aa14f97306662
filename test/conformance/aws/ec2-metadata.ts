import { STATUS_CODES } from 'node:http';
import { MetadataService } from '@aws-sdk/ec2-metadata-service';
import { ec2Metadata } from '../../../mocks/aws/services/ec2-metadata.ts';
import type { ConformanceCase } from '../case.ts';
import { statusOf } from './forge.ts';

/** What plain HTTP has for an error, in the place where the SDK keeps it. */
class MetadataRefusal extends Error {
  readonly $metadata: { readonly httpStatusCode: number };
  constructor({ status, statusText }: Response) {
    super(statusText);
    this.$metadata = { httpStatusCode: status };
  }
}

const ask = async (url: string, init: RequestInit): Promise<string> => {
  const response = await fetch(url, init);
  if (!response.ok) throw new MetadataRefusal(response);
  return response.text();
};

const TTL = 'x-aws-ec2-metadata-token-ttl-seconds';

const getToken = (origin: string, ttl = '60') => ask(`${origin}/latest/api/token`, { method: 'PUT', headers: { [TTL]: ttl } });

const getItem = (origin: string, token: string, item = 'instance-id') =>
  ask(`${origin}/latest/meta-data/${item}`, { headers: { 'x-aws-ec2-metadata-token': token } });

/** The SDK gets its tokens by itself and hides what refused it: where a token is at fault, plain HTTP shows what the service says. */
export const ec2MetadataCase: ConformanceCase = {
  spec: ec2Metadata.spec,
  async connect({ origin }) {
    const token = await getToken(origin);
    return {
      async good() {
        const id = await getItem(origin, token);
        const byTheSdk = await new MetadataService({ endpoint: origin, retries: 0 }).request('/latest/meta-data/instance-id', {});
        if (!/^i-[0-9a-f]{17}$/.test(id) || byTheSdk !== id) throw new Error('that is no instance id');
      },
      malformed: () => getToken(origin, '21601'),
      unknownResource: () => getItem(origin, token, 'nothing'),
    };
  },
  conditions: {
    'forged-credential': ({ origin }) => getItem(origin, 'AQAEAGuessed=='),
  },
  codeOf: (error) => STATUS_CODES[statusOf(error)] ?? '',
  statusOf,
};
