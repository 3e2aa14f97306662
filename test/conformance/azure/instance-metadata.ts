import { instanceMetadata } from '../../../mocks/azure/services/instance-metadata.ts';
import type { ConformanceCase } from '../case.ts';
import { ask, codeOf, statusOf } from './plain.ts';

const codeIn = (body: unknown) => (body as { readonly error?: unknown }).error;

export const instanceMetadataCase: ConformanceCase = {
  spec: instanceMetadata.spec,
  connect({ origin }) {
    const headers = { Metadata: 'true' };
    const events = `${origin}/metadata/scheduledevents?api-version=2020-07-01`;
    return {
      async good() {
        const { Events, DocumentIncarnation } = (await ask(events, codeIn, { headers })) as Record<string, unknown>;
        if (!Array.isArray(Events) || typeof DocumentIncarnation !== 'number') throw new Error('that is no document of events');
      },
      malformed: () => ask(events, codeIn),
      unknownResource: () => ask(`${origin}/metadata/nothing?api-version=2020-07-01`, codeIn, { headers }),
    };
  },
  codeOf,
  statusOf,
};
