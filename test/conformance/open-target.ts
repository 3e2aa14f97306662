import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { openStage } from '../../harness/emulators/stage.ts';
import { bindFault } from '../../harness/faults/bind.ts';
import { findFaultKind } from '../../harness/faults/index.ts';
import type { CloudDefinition } from '../../mocks/cloud/cloud.ts';
import { GLOBAL } from '../../mocks/cloud/cloud.ts';
import type { ServiceSpec } from '../../mocks/cloud/service.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';
import { faultWith } from '../support/wire.ts';
import type { Target } from './case.ts';
import type { Recorded } from './recorder.ts';
import { record } from './recorder.ts';

const OUTAGE = { kind: 'region-outage', settings: { mode: 'http-5xx' } } as const;

/** A row of the table, standing in one region on sockets, with the wire before it. */
export interface OpenTarget {
  readonly target: Target;
  /** The service answers as it does when it is down. */
  takeDown(): Promise<void>;
  /** What the service has been asked. */
  readonly requests: readonly Recorded[];
  /** The service's handler itself. */
  handle(request: Request): Promise<Response>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Node's own list of CAs, before any local one. */
const publicCas = getCACertificates('default');

/** Opens a fresh account of the row's cloud, with all of its services: a call needs more than one of them, e.g. for a token. */
export const openTarget = async (
  definition: CloudDefinition,
  spec: ServiceSpec,
  region: string,
  models: ModelRuntime,
): Promise<OpenTarget> => {
  const regions = spec.isRegional ? [region] : definition.regions;
  let recorder: ReturnType<typeof record> | undefined;
  const stage = await openStage({
    clouds: [{ definition, regions }],
    models,
    around(endpoint) {
      if (endpoint.spec.service !== spec.service || (endpoint.region !== region && endpoint.region !== GLOBAL))
        return endpoint.fetch;
      recorder = record(endpoint.fetch);
      return recorder.handler;
    },
  });
  // SDKs without a CA option go by the process's list, as with NODE_EXTRA_CA_CERTS.
  setDefaultCACertificates([...publicCas, stage.caCertPem]);
  const { account } = stage.cloud(definition.cloud);
  const originOf = (service: string, of: string) => stage.originOf(definition.cloud, service, of);

  return {
    target: {
      region,
      origin: originOf(spec.service, region),
      originOf,
      credential: account.credential,
      account,
      caCertPem: stage.caCertPem,
    },
    async takeDown() {
      const settings = findFaultKind(OUTAGE.kind)!.settings.parse(OUTAGE.settings);
      const fault = faultWith({ kind: OUTAGE.kind, settings, targets: [`${definition.cloud}/${region}/${spec.service}`] });
      await stage.wire.begin(bindFault(fault, 'live', stage.links, () => true));
    },
    get requests() {
      return recorder!.requests;
    },
    handle: (request) => recorder!.handler(request),
    [Symbol.asyncDispose]: stage.close,
  };
};
