import { InstancesClient, ZoneOperationsClient } from '@google-cloud/compute';
import { compute } from '../../../mocks/google/services/compute.ts';
import { clientOptions, ONCE } from '../../support/google-cloud.ts';
import { instanceOf } from '../../support/google-compute.ts';
import type { ConformanceCase } from '../case.ts';
import { check, codeOf, forge, statusOf } from './errors.ts';

const zone = 'europe-west4-a';

/** What an operation that failed says. */
interface Failed {
  readonly httpErrorStatusCode?: number | null;
  readonly error?: { readonly errors?: readonly { readonly code?: string | null }[] | null } | null;
}

export const computeCase: ConformanceCase = {
  spec: compute.spec,
  connect({ origin, credential }) {
    const options = clientOptions(origin, credential);
    const instances = new InstancesClient(options);
    const operations = new ZoneOperationsClient(options);
    const project = String(credential.projectId);
    const insert = async (name: string, machineType: string) => {
      const instanceResource = instanceOf(zone, name, machineType);
      const [inserted] = await instances.insert({ project, zone, instanceResource }, ONCE);
      return String(inserted.name);
    };
    return {
      async good() {
        const [list] = await instances.list({ project, zone }, { ...ONCE, autoPaginate: false });
        check(Array.isArray(list), list);
      },
      malformed: () => insert('Not A Name', 'e2-small'),
      unknownResource: () => instances.get({ project, zone, instance: 'nobody' }, ONCE),
      async exceedQuota() {
        const operation = await insert('too-large', 'e2-standard-32');
        const [polled] = await operations.get({ project, zone, operation }, ONCE);
        if (polled.error) throw polled;
      },
      close: () => Promise.all([instances.close(), operations.close()]),
    };
  },
  forge,
  codeOf: (error) => (error as Failed).error?.errors?.[0]?.code ?? codeOf(error),
  statusOf: (error) => (error as Failed).httpErrorStatusCode || statusOf(error),
};
