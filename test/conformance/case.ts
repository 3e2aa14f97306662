import type { CloudAccount } from '../../mocks/cloud/cloud.ts';
import type { Condition, ServiceSpec } from '../../mocks/cloud/service.ts';

/** Parts of a credential by their own names, as `CloudAccount.credential` has them. */
export type Credential = Readonly<Record<string, string>>;

/** Where a row of the table stands, for as long as one check lasts. The account is fresh. */
export interface Target {
  readonly region: string;
  /** Of the service's endpoint in the region, e.g. `http://127.0.0.1:20011`; HTTPS where the row says `needsTls`. */
  readonly origin: string;
  /** Of another service of the cloud, e.g. its token endpoint. @param region `global` where the service has none */
  readonly originOf: (service: string, region: string) => string;
  /** What to sign in with: the account's, or a forged one. */
  readonly credential: Credential;
  readonly account: CloudAccount;
  /** Of the local CA, for SDKs with a CA option of their own; Node's own list has it already. */
  readonly caCertPem: string;
}

/** The service's SDK, pointed at a target, without retries of its own. Each call can be made again and again. */
export interface Calls {
  /** Resolves on success; looks into the result itself. */
  good(): Promise<unknown>;
  /** A call that the service refuses for its form. */
  malformed?(): Promise<unknown>;
  /** A call about a resource that is not there. */
  unknownResource?(): Promise<unknown>;
  /** A call for more than the account may have. */
  exceedQuota?(): Promise<unknown>;
  /** Lets go of sockets and timers. */
  close?(): Promise<unknown>;
}

/** @param takeDown from then on the service answers as it does when it is down */
export type OwnWay = (target: Target, calls: Calls, takeDown: () => Promise<void>) => Promise<unknown>;

/** How the conformance test calls one row of the table. Each `test/conformance/<cloud>/<service>.ts` exports one. */
export interface ConformanceCase {
  readonly spec: ServiceSpec;
  connect(target: Target): Calls | Promise<Calls>;
  /** The credential as somebody would have it who does not know its secret. Left out where the row has no credentials. */
  readonly forge?: (credential: Credential) => Credential;
  /** How far a signer's clock may be off, milliseconds, where it is not five minutes. */
  readonly skewMs?: number;
  /** The error's code or name as the SDK shows it. */
  codeOf(error: unknown): string;
  /** HTTP status as the SDK shows it. */
  statusOf(error: unknown): number;
  /**
   * Brings about a condition in another way than the general one (conditions.ts), and makes the call that fails: the promise rejects with
   * the SDK's error.
   */
  readonly conditions?: Partial<Readonly<Record<Condition, OwnWay>>>;
}
