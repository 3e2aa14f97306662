import { type CloudDefinition, GLOBAL } from '../../mocks/cloud/cloud.ts';
import type {
  AuthScheme,
  CloudName,
  ErrorSpec,
  Layer,
  OperationSpec,
  RequestQuota,
  RequestRate,
} from '../../mocks/cloud/service.ts';

/** One service of the table, with what its cloud adds. Plain data. */
export interface ProviderRow {
  readonly cloud: CloudName;
  /** In words. */
  readonly cloudTitle: string;
  readonly service: string;
  readonly title: string;
  readonly layer: Layer;
  /** Where it stands when no regions are asked for; `global` for a service without regions. */
  readonly regions: readonly string[];
  readonly needsTls: boolean;
  readonly auth: readonly AuthScheme[];
  readonly operations: readonly OperationSpec[];
  readonly quota: RequestQuota;
  readonly sdk: { readonly package: string; readonly override: string } | null;
  readonly errors: Readonly<Record<string, ErrorSpec>>;
  readonly source: string;
}

/** The table of services: what `squall providers` and docs/providers.md are made from. */
export const providerRows = (clouds: readonly CloudDefinition[]): readonly ProviderRow[] =>
  clouds.flatMap(({ cloud, title: cloudTitle, regions, services }) =>
    services.map(({ spec }) => ({
      cloud,
      cloudTitle,
      service: spec.service,
      title: spec.title,
      layer: spec.layer,
      regions: spec.isRegional ? regions : [GLOBAL],
      needsTls: spec.needsTls,
      auth: spec.auth,
      operations: spec.operations,
      quota: spec.quota,
      sdk: spec.sdk,
      errors: spec.errors,
      source: spec.source,
    })),
  );

/** E.g. `20/s`, or `20/s, 100 at once`. */
export const quotaInWords = ({ requestsPerS, burst }: RequestRate): string => {
  if (requestsPerS === null) return 'no quota';
  const rate = `${requestsPerS.toLocaleString('en')}/s`;
  return burst === undefined ? rate : `${rate}, ${burst.toLocaleString('en')} at once`;
};
