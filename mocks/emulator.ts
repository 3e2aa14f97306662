import type { ControlCommand, UsageReport } from './control.ts';
import type { DeploymentConfig } from './inference/deployment.ts';
import type { RowOwners } from './inference/subjects.ts';
import type { ModelRuntime } from './models/runtime.ts';

/** The one shape of everything that answers: emulators, the gateway, a user's in-process service. */
export type FetchHandler = (request: Request) => Promise<Response>;

/** The providers that squall emulates. */
export type ProviderName = 'aws' | 'google' | 'azure';

/** What an endpoint is for: `inference` serves predictions, `token` issues access tokens, `price` answers with list prices, `secret` hands the workload its current credential, `key` wraps data keys. */
export type EndpointRole = 'inference' | 'token' | 'price' | 'secret' | 'key';

/** A service of a provider, as data: known without starting anything. */
export interface ServiceDefinition {
  /** The provider's own name for the service, e.g. `sagemaker-runtime`, `aiplatform`, `ml-online-endpoint`. */
  readonly service: string;
  readonly role: EndpointRole;
  /** False: one endpoint for all regions, whose region is `global`. */
  readonly isRegional: boolean;
  /** Operations that the workload needs a permission for, by the provider's own names, e.g. `InvokeEndpoint`; left out: none. */
  readonly operations?: readonly string[];
  /** True where official SDKs refuse plain HTTP: whoever mounts it for them takes HTTPS. */
  readonly needsTls: boolean;
}

/** One mountable endpoint of a provider: each has an origin of its own, as it has at the provider. */
export interface EmulatedEndpoint {
  readonly definition: ServiceDefinition;
  /** The provider's own region name, or `global` for a service without regions. */
  readonly region: string;
  readonly fetch: FetchHandler;
}

/** All that is known of an emulated provider; `mocks/providers.ts` lists them. */
export interface ProviderDefinition {
  readonly provider: ProviderName;
  /** The provider's name in words, e.g. `Amazon Web Services`. */
  readonly title: string;
  readonly services: readonly ServiceDefinition[];
  /** A fresh credential with the parts that the provider's own has; nothing else knows it. */
  mintCredential(): Promise<ProviderCredential>;
  /** Ready to serve when it resolves: an endpoint for each service, and for regional ones for each region of the config. */
  createEmulator(config: EmulatorConfig, dependencies: EmulatorDependencies): Promise<ProviderEmulator>;
}

/** What a world brings that the web platform does not. */
export interface EmulatorDependencies {
  readonly models: ModelRuntime;
  /** Told in words what happens to the endpoints' capacity: instances that come and go, cold starts. */
  readonly onEvent?: (text: string) => void;
}

/** An emulated provider: its endpoints, and the hand that faults reach in with. */
export interface ProviderEmulator {
  readonly provider: ProviderName;
  readonly endpoints: readonly EmulatedEndpoint[];
  /** Applies a control command at once. Rejects with a `TypeError` for a region or service that this emulator lacks. */
  control(command: ControlCommand): Promise<void>;
  /** Predictions served and their cost since the emulator was created, one row an inference endpoint. */
  usage(): readonly UsageReport[];
}

/** What an emulator is told when it is created; plain data, so that it crosses a process or a worker boundary. */
export interface EmulatorConfig {
  readonly provider: ProviderName;
  readonly regions: readonly RegionConfig[];
  /** The first credential of the workload; later ones are minted when this one is revoked. Secret. */
  readonly credential: ProviderCredential;
  /** Bearer token that opens the `secret` endpoint, as a workload identity would. Secret. */
  readonly secretStoreToken: string;
  /** Name of the endpoint (AWS), endpoint id (Google) or deployment (Azure) that serves the model. */
  readonly endpointName: string;
  /** A second version of the model beside it: a production variant (AWS), an endpoint (Google) or a deployment (Azure). Left out: there is none. */
  readonly candidate?: { readonly endpointName?: string; readonly variant?: string };
  /** Model name in the model runtime, e.g. `digits`. */
  readonly model: string;
  /** Its key services stand as well; left out: they don't. */
  readonly hasKeys?: boolean;
}

/** How one region of a provider serves. */
export interface RegionConfig {
  readonly region: string;
  readonly capacity: CapacityConfig;
  /** On-demand list price of the serving instance, US dollars an hour. */
  readonly instanceUsdPerHour: number;
  /** The provider's name for the instance type, e.g. `ml.g5.xlarge`. */
  readonly instanceType: string;
  /** What stands behind the endpoint. Left out: one instance with the capacity's slots. */
  readonly deployment?: DeploymentConfig;
  /** Left out: one instance that is always there, and nothing else is charged. */
  readonly billing?: EndpointBilling;
  /** Whose rows are counted where they come in; left out: nobody's. */
  readonly owners?: RowOwners;
}

/**
 * What the endpoint's owner pays for. `provisioned`: instances, by the hour, used or not. `by-use`: of an instance the share and the time that predictions
 * hold, as if a pool of them followed the load exactly. `serverless`: the time of requests, by the second.
 */
export type BillingMode = 'provisioned' | 'by-use' | 'serverless';

/** How an endpoint is billed. Plain data. Prices are list prices: a price multiplier acts on compute alone. */
export interface EndpointBilling {
  readonly mode: BillingMode;
  /** Instances that stand there: they have the endpoint's slots among them. 0 where nothing is deployed. `serverless`: environments that are kept warm. */
  readonly instances: number;
  /** An hour of an instance that is on demand where the others are on the spot market; left out: the price of any. */
  readonly onDemandUsdPerHour?: number;
  /** `serverless`: a second of one request. */
  readonly requestUsdPerS: number;
  readonly usdPerRequest: number;
  readonly egressUsdPerGb: number;
  /** Model artifacts in the region. */
  readonly storageUsdPerHour: number;
}

/** Service time and concurrency of one inference endpoint. */
export interface CapacityConfig {
  /** Median time that one prediction holds a slot, in milliseconds. */
  readonly serviceTimeMs: number;
  /** Sigma of the log-normal spread around the median; 0 is constant. */
  readonly serviceTimeSigma: number;
  /** Predictions served at the same time. */
  readonly concurrency: number;
  /** Requests that wait for a slot; one more is throttled in the provider's own shape. */
  readonly queueLimit: number;
  /** From the launch of a further instance until it serves, milliseconds. Left out: 5 s. */
  readonly startupMs?: number;
  /** From a request that finds no environment of a serverless endpoint until there is one, milliseconds. Left out: 1 s. */
  readonly coldStartMs?: number;
}

/** The workload's identity at a provider, in the provider's own parts. All of it is secret. */
export type ProviderCredential =
  | {
      readonly provider: 'aws';
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      /** Present for temporary credentials (STS). */
      readonly sessionToken?: string;
      /** When temporary credentials end, epoch milliseconds. */
      readonly expiresAtMs?: number;
    }
  | {
      readonly provider: 'google';
      readonly projectId: string;
      readonly clientEmail: string;
      readonly privateKeyId: string;
      /** PKCS #8, PEM. */
      readonly privateKeyPem: string;
    }
  | {
      readonly provider: 'azure';
      readonly tenantId: string;
      readonly clientId: string;
      readonly clientSecret: string;
      /** Key of the online endpoint: the other way in, beside an Entra token. */
      readonly endpointKey: string;
    };
