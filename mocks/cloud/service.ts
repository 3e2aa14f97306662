import type { FailureCondition } from '../control.ts';
import type { FetchHandler } from '../emulator.ts';

/** The clouds whose services squall emulates. */
export type CloudName = 'aws' | 'google' | 'azure' | 'ibm' | 'oracle' | 'huggingface';

/** How far up the stack a service stands; `shared` is what the others need: identity, tokens, prices, metadata. */
export type Layer = 'IaaS' | 'PaaS' | 'SaaS' | 'shared';

/** What can be wrong with a call, or with a service. The conformance test makes each of them happen. */
export type Condition =
  /** The signature, key or token was not made by the cloud or its user. */
  | 'forged-credential'
  | 'expired-credential'
  | 'revoked-credential'
  /** A good credential that may not do this. */
  | 'missing-permission'
  | 'malformed-request'
  /** A resource that is not there. */
  | 'unknown-resource'
  /** Above the request rate. */
  | 'throttled'
  /** Above what the account may have, e.g. instances. */
  | 'quota-exceeded'
  /** The service in this region is down. */
  | 'unavailable';

/** How a service answers under a condition, in the cloud's own words. */
export interface ErrorSpec {
  /** HTTP status. */
  readonly status: number;
  /** The error's code or name as the SDK shows it, e.g. `ThrottlingException`. */
  readonly code: string;
}

export interface OperationSpec {
  /** The cloud's own name, e.g. `DetectLabels`. */
  readonly name: string;
  /** Method and path with its variables, and what else tells it from others, e.g. `POST / (X-Amz-Target: RekognitionService.DetectLabels)`. */
  readonly request: string;
}

/** How a call shows who makes it. */
export type AuthScheme =
  | 'sigv4'
  | 'google-oauth'
  | 'google-api-key'
  | 'entra'
  | 'azure-key'
  | 'ibm-iam'
  | 'oci-signature'
  | 'hugging-face-token'
  | 'metadata-token'
  | 'none';

/** How many requests a service takes: a token bucket. */
export interface RequestRate {
  /** Requests a second; null for no limit. */
  readonly requestsPerS: number | null;
  /** Requests that may come at once after a pause: what the bucket holds. One second's worth where left out. */
  readonly burst?: number;
}

/** The rate above which calls are throttled unless a fault sets another. */
export interface RequestQuota extends RequestRate {
  /** Kinds of requests that are counted apart from the others, each at a rate of its own, e.g. an operation. */
  readonly apart?: Readonly<Record<string, RequestRate>>;
  readonly source: string;
}

/** One row of the table of services: what `squall providers`, its page in the documentation and the conformance test are made from. */
export interface ServiceSpec {
  readonly cloud: CloudName;
  /** The cloud's own short name, unique in the cloud, e.g. `ec2`, `rekognition`, `compute`: the last part of a link's id. */
  readonly service: string;
  /** In words, e.g. `Amazon Rekognition`. */
  readonly title: string;
  readonly layer: Layer;
  /** False: one endpoint for all regions, whose region is `global`. */
  readonly isRegional: boolean;
  /** True: it has spot, preemptible or low-priority instances, which the command `interrupt-instances` takes, region by region. */
  readonly hasSpotInstances?: true;
  /** True where the official SDK refuses plain HTTP. */
  readonly needsTls: boolean;
  /** The service's true host names in a region (`global` where it has none): what msw and the simulated network answer under. */
  readonly hosts: (region: string) => readonly string[];
  /** Of `hosts` those that belong to services beside the cloud's emulated ones: there msw answers the operations, and leaves the rest to others. */
  readonly sharedHosts?: readonly string[];
  readonly auth: readonly AuthScheme[];
  /** The official package that the conformance test calls with, and how it is pointed elsewhere. Null where there is none for JavaScript. */
  readonly sdk: { readonly package: string; readonly override: string } | null;
  readonly operations: readonly OperationSpec[];
  readonly quota: RequestQuota;
  /** Conditions that cannot occur are left out, e.g. a public price list knows no credentials. */
  readonly errors: Partial<Readonly<Record<Condition, ErrorSpec>>>;
  /** Where all of this is from, and its date. */
  readonly source: string;
}

/**
 * A service that an account can use.
 * @typeParam Account what the services of one cloud share: identity, resources
 */
export interface CloudService<Account> {
  readonly spec: ServiceSpec;
  /** The service's endpoint in a region; `global` where it has none. */
  create(account: Account, region: string): FetchHandler;
  /**
   * What the service answers when it fails as a whole, in its own wire shape and with the status of `spec.errors`; a fresh response each time.
   * Left out where it is that of the cloud's inference service (`mocks/errors.ts`). Faults on the way to the service answer with it.
   */
  failure?(condition: FailureCondition): Response;
}
