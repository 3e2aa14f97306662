import type { ProviderName } from '../../mocks/emulator.ts';

/** All that the gateway is told. Plain data: it crosses a process or a worker boundary. Contains secrets. */
export interface GatewayConfig {
  /** Name in the URL, `/v2/models/{model}/infer`, and in the model runtime. */
  readonly model: string;
  readonly links: readonly GatewayLink[];
  readonly design: Design;
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
  /** Origin of the token endpoint (Google OAuth, Microsoft Entra); AWS has none. */
  readonly tokenEndpoint?: string;
  /** Origin of the provider's price endpoint. */
  readonly priceEndpoint: string;
  /** Instance type to look up at the price endpoint. */
  readonly instanceType: string;
  /** What the gateway expects one prediction to hold an instance slot for, and the slots: turns an hourly price into a unit price. */
  readonly serviceTimeMs: number;
  readonly concurrency: number;
  /** Where the workload's current credential is read, and the bearer that opens it. */
  readonly secretEndpoint: string;
  readonly secretStoreToken: string;
  /** Lower is preferred by the `priority` policy. */
  readonly priority: number;
}

/** A configuration of the serving stack. `false` switches a policy off. */
export interface Design {
  readonly routing: {
    /** What orders the links: configured priority, measured latency, or current price. */
    readonly policy: 'priority' | 'latency' | 'cost';
    /** False sends every attempt to the first link, come what may. */
    readonly failover: boolean;
  };
  readonly healthChecks:
    | false
    | {
        readonly intervalMs: number;
        readonly timeoutMs: number;
        /** Consecutive failures that take a link out, and successes that bring it back. */
        readonly unhealthyThreshold: number;
        readonly healthyThreshold: number;
      };
  readonly circuitBreaker: false | { readonly consecutiveFailures: number; readonly halfOpenAfterMs: number };
  readonly retry:
    | false
    | {
        /** Attempts beyond the first. */
        readonly maxRetries: number;
        /** Retries allowed as a share of requests, over the last ten seconds (SRE book: 0.1). */
        readonly budgetRatio: number;
        /** Retries always allowed, a second, whatever the ratio says. */
        readonly budgetMinPerS: number;
        readonly initialBackoffMs: number;
        readonly maxBackoffMs: number;
      };
  /** A second attempt on the next link when the first has not answered after this long. */
  readonly hedging: false | { readonly afterMs: number };
  /** Longest that one attempt may take. */
  readonly attemptTimeoutMs: false | number;
  /** Longest that one request may take, degrade ladder included; the caller's `x-squall-deadline-ms` header shortens it. */
  readonly deadlineMs: false | number;
  /** Read the credential again and get a new token when a provider refuses the present one. */
  readonly credentialRefresh: false | { readonly minIntervalMs: number };
  /** Watches prices and leaves links that cost more than the limit while a cheaper one is healthy. */
  readonly costGuard: false | { readonly maxUsdPer1k: number; readonly refreshMs: number };
  /** What to answer with when no link can: rungs in order. */
  readonly degrade: false | { readonly ladder: readonly DegradeRung[]; readonly cacheEntries: number };
}

/** A way to answer without a provider. */
export type DegradeRung = 'fallback-model' | 'cached-prediction' | 'rules';
