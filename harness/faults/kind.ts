import type { z } from 'zod';
import type { ControlCommand } from '../../mocks/control.ts';
import type { ContainerLimits } from '../containers/spec.ts';
import type { NameFailure } from '../names/name-failure.ts';
import type { NodeCommand } from '../serving/nodes/node.ts';
import type { CertificateFlaw } from '../tls/certificates.ts';
import type { NodeLink, ServiceLink } from '../topology/link.ts';
import type { RequestSelector } from './request-selector.ts';

/** A fault as the timeline holds it: what, where, when. `settings` are those of the kind, validated. */
export interface Fault {
  /** Unique in the scenario; names the phase. Defaults to the kind (then `kind-2`, ...). */
  readonly name: string;
  readonly kind: string;
  /** Patterns `provider/region/service`; `*` matches any run of characters in a part, missing parts match all. */
  readonly targets: readonly string[];
  /** Start, milliseconds after the measured timeline begins. */
  readonly atMs: number;
  /** Length, milliseconds. */
  readonly forMs: number;
  /** Share of requests on a matching link that the fault touches, above 0, to 1. Below 1 only for effects on single exchanges: see bind.ts. */
  readonly probability: number;
  /** Which requests it touches, of those the probability selects; all when left out. Like the probability, for effects on single exchanges. */
  readonly requests?: RequestSelector | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What a connection to a link meets while a fault holds it. Both worlds know these three. */
export type ConnectionState = 'refuse' | 'reset' | 'blackhole';

/**
 * What the simulated network can do to connections besides.
 * - `half-open`: connections that are open now are never answered again, and nobody is told; new ones work
 */
export type SimConnectionState = ConnectionState | 'half-open';

/** One HTTP exchange on a link, as a fault sees it. */
export interface Exchange {
  readonly link: ServiceLink;
  readonly request: Request;
  /** Milliseconds since the fault began. */
  readonly elapsedMs: number;
  /** Length of the fault, milliseconds. */
  readonly forMs: number;
  /** Seeded uniform draw in [0, 1). Use it, not Math.random, so that one seed gives one schedule. */
  random(): number;
  /** Resolves after that many milliseconds of the world's time; rejects when the caller has gone. */
  delay(ms: number): Promise<void>;
  /** Never resolves while the fault lasts and the caller waits: the answer is lost. */
  lose(): Promise<never>;
}

/** Thrown by an interceptor: the connection is reset (TCP RST) instead of answered. */
export class ConnectionReset extends Error {
  override readonly name = 'ConnectionReset';
}

/** A toxic that a fault puts on a link's connections. */
export interface FaultToxic {
  /** E.g. `bandwidth`: one of harness/wire/toxics/. */
  readonly type: string;
  readonly stream: 'upstream' | 'downstream';
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What a fault does to a container; of several states at once the first of `killed`, `stopped`, `paused` counts. */
export interface ContainerHold {
  readonly state?: 'killed' | 'stopped' | 'paused';
  /** In place of those that it was started with. */
  readonly limits?: ContainerLimits;
}

/** What a fault does while it lasts, in terms that a world can carry out. Omitted parts do nothing. */
export interface FaultEffect {
  /** State of every connection to the link, new and open. Whole link: for a share of requests use `intercept`. */
  readonly connection?: (link: ServiceLink) => ConnectionState | undefined;
  /** The same, for states that only the simulated world knows. */
  readonly simConnection?: (link: ServiceLink) => Exclude<SimConnectionState, ConnectionState> | undefined;
  /** What the look-up of the link's name comes to, for every connection that is yet to be made. */
  readonly name?: (link: ServiceLink) => NameFailure | undefined;
  /**
   * What is done to the bytes of connections, open ones too; the fault's probability is the share of connections. Live only: a link that a
   * scenario has such a fault for is told so when it is put up.
   */
  readonly toxics?: (link: ServiceLink) => readonly FaultToxic[];
  /**
   * What befalls requests and answers as they are written, in the terms of harness/wire/http/faults/: `type` and its settings. The fault's
   * `requests` and `probability` choose whom. Live only.
   */
  readonly http?: (link: ServiceLink) => Readonly<Record<string, unknown>>;
  /** Flaw of the certificate that new connections to the link are shown; only for links over TLS. Open connections are cut when it starts. */
  readonly certificate?: (link: ServiceLink) => CertificateFlaw | undefined;
  /** Stands between the caller and the provider; called only for the share that `probability` selects. */
  readonly intercept?: (exchange: Exchange, forward: () => Promise<Response>) => Promise<Response>;
  /** What a node of the stack is while the fault lasts; of several at once the first of these counts. At the end it is started again, or goes on. */
  readonly node?: (link: NodeLink) => 'killed' | 'paused' | undefined;
  /** What becomes of a container while the fault lasts. */
  readonly container?: (link: NodeLink) => ContainerHold | undefined;
  /** What a node of the stack is told when the fault starts and ends. */
  readonly nodeCommands?: (link: NodeLink) => {
    readonly onStart: readonly NodeCommand[];
    readonly onEnd: readonly NodeCommand[];
  };
  /** Commands to the provider's emulator when the fault starts and ends, for each matching link (duplicates are sent once). */
  readonly provider?: (link: ServiceLink) => {
    readonly onStart: readonly ControlCommand[];
    readonly onEnd: readonly ControlCommand[];
  };
}

/** Range of a setting, as scenario files write it. */
export interface MagnitudeHint {
  readonly min?: string | number;
  readonly max?: string | number;
}

/** What is wrong with the targets of a fault, and what would be right: a sentence each. */
export interface TargetProblem {
  readonly message: string;
  readonly remedy: string;
}

/** A fault kind: all that is known of it is in its one file. */
export interface FaultKind<Settings extends z.ZodObject = z.ZodObject> {
  /** Name in scenario files, e.g. `region-outage`. */
  readonly kind: string;
  /** One sentence for help and docs. */
  readonly summary: string;
  /**
   * Settings beyond `target`, `at`, `for`, `probability`; each with a unit, a default and `.describe()` help.
   * A strict object, and parsed as it is: its refinements count, so don't rebuild it from its shape.
   */
  readonly settings: Settings;
  /** Which links it can act on; a target that matches none of these is refused. Defaults to inference links. */
  readonly appliesTo?: (link: ServiceLink) => boolean;
  /**
   * Finds what is wrong with the targets where the links have to be looked at together, or the settings with them.
   * @param targeted links that a target matches, whether the kind can act on them or not
   * @param links all that there are
   */
  checkTargets?(
    settings: z.output<Settings>,
    targeted: readonly ServiceLink[],
    links: readonly ServiceLink[],
  ): TargetProblem | undefined;
  /** Most designs do not notice it: `explore` leaves it out unless a scenario names it. */
  readonly isAskedFor?: true;
  /**
   * How large `explore` makes settings where the scenario does not say, by setting, as scenario files write them; a setting that is not
   * named goes by its schema (harness/explore/arbitrary/settings.ts).
   */
  readonly explore?: Readonly<Record<string, MagnitudeHint>>;
  /** Effect in the live world; absent means that live refuses the kind before the run. */
  live?(settings: z.output<Settings>): FaultEffect;
  /** Effect in the simulated world; absent means that sim refuses the kind before the run. */
  sim?(settings: z.output<Settings>): FaultEffect;
}

/** Gives a kind its type from its schema, and keeps its name in it. */
export const defineFaultKind = <const Name extends string, Settings extends z.ZodObject>(
  kind: FaultKind<Settings> & { readonly kind: Name },
): FaultKind<Settings> & { readonly kind: Name } => kind;
