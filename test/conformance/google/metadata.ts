import * as gcpMetadata from 'gcp-metadata';
import { metadata } from '../../../mocks/google/services/metadata.ts';
import type { ConformanceCase } from '../case.ts';
import { check } from './errors.ts';

interface HttpError {
  readonly status?: number;
}

/** Points the library, which knows no other way, at an emulator for one call. */
const at = async <Result>(origin: string, call: () => Promise<Result>): Promise<Result> => {
  const before = process.env.GCE_METADATA_HOST;
  process.env.GCE_METADATA_HOST = new URL(origin).host;
  try {
    // The library reads the variable before it awaits anything.
    return await call();
  } finally {
    if (before === undefined) delete process.env.GCE_METADATA_HOST;
    else process.env.GCE_METADATA_HOST = before;
  }
};

export const metadataCase: ConformanceCase = {
  spec: metadata.spec,
  connect: ({ origin, region }) => ({
    async good() {
      const zone: string = await at(origin, () => gcpMetadata.instance('zone'));
      check(zone.includes(`/zones/${region}-`), zone);
    },
    async malformed() {
      const response = await fetch(`${origin}/computeMetadata/v1/instance/zone`);
      if (!response.ok) throw Object.assign(new Error(await response.text()), { status: response.status });
    },
    unknownResource: () => at(origin, () => gcpMetadata.instance('nothing')),
  }),
  codeOf: (error) => String((error as HttpError).status),
  statusOf: (error) => Number((error as HttpError).status),
};
