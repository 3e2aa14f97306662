import type { EndpointBilling, ProviderName } from '../../mocks/emulator.ts';
import type { Dataset } from './data/dataset.ts';
import type { Design } from './design/policies.ts';
import type { KeyLink } from './encryption/key-link.ts';
import type { IdentityConfig } from './identity/config.ts';
import type { NodeAddress } from './nodes/node.ts';
import type { ResidencyRules } from './residency.ts';
import type { LabelledRow } from './rollout.ts';

export type { DegradeRung, Design } from './design/policies.ts';

/** All that the gateway is told. Plain data: it crosses a process or a worker boundary. Contains secrets. */
export interface GatewayConfig {
  /** Name in the URL, `/v2/models/{model}/infer`, and in the model runtime. */
  readonly model: string;
  readonly links: readonly GatewayLink[];
  readonly design: Design;
  /** Labelled samples that a release is tried with; left out: there are none. */
  readonly samples?: readonly LabelledRow[];
  /** Where tenants' data may be, by tenant; left out: anywhere. */
  readonly residency?: ResidencyRules;
  /** In which regions of the stack rows of datasets may be, by dataset; left out: in all. */
  readonly datasetResidency?: ResidencyRules;
  /** Key services, those of the first choice first; left out: there are none. */
  readonly keys?: readonly KeyLink[];
  /** How it knows who calls; left out: it lets nobody in whose design wants to know. */
  readonly identity?: IdentityConfig;
  /** Nodes of the stack that answer requests; left out: there are none. */
  readonly nodes?: readonly NodeAddress[];
  /** Datasets that nodes of the stack keep; left out: there are none. */
  readonly datasets?: readonly Dataset[];
}

/** One place that can serve the model: a provider's service in a region. */
export interface GatewayLink {
  /** `provider/region/service`. */
  readonly id: string;
  readonly provider: ProviderName;
  readonly region: string;
  /** Origin of the inference endpoint, e.g. `http://127.0.0.1:20011`. */
  readonly endpoint: string;
  /** SageMaker endpoint name, Vertex endpoint id, or Azure ML deployment. */
  readonly endpointName: string;
  /** SageMaker's production variant; left out, the endpoint chooses. */
  readonly variant?: string;
  /** What the new version of the model is called where a design releases one: its endpoint, or its variant. */
  readonly candidate?: { readonly endpointName?: string; readonly variant?: string };
  /** Origin of the token endpoint (Google OAuth, Microsoft Entra); AWS has none. */
  readonly tokenEndpoint?: string;
  /** Origin of the provider's price endpoint. */
  readonly priceEndpoint: string;
  /** Instance type to look up at the price endpoint. */
  readonly instanceType: string;
  /** What the gateway expects one prediction to hold an instance slot for, and the slots: turns an hourly price into a unit price. */
  readonly serviceTimeMs: number;
  readonly concurrency: number;
  /** How calls on it are paid for; left out: by use, and nothing else is charged. */
  readonly billing?: EndpointBilling;
  /** Price of an instance hour that the prices of `billing` go with, US dollars; left out: not known. */
  readonly listUsdPerHour?: number;
  /** Where the workload's current credential is read, and the bearer that opens it. */
  readonly secretEndpoint: string;
  readonly secretStoreToken: string;
  /** Lower is preferred by the `priority` policy. */
  readonly priority: number;
}
