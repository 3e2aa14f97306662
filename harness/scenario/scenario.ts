import type { BillingMode, CapacityConfig, ProviderName } from '../../mocks/emulator.ts';
import type { ContainerLimits } from '../containers/spec.ts';
import type { Fault } from '../faults/kind.ts';
import type { DatasetsLoad } from '../load/doors/datasets.ts';
import type { GraphqlOperation } from '../load/doors/graphql.ts';
import type { HttpRequestTemplate } from '../load/doors/http.ts';
import type { DoorName } from '../load/doors/index.ts';
import type { Priority } from '../serving/caller.ts';
import type { Design } from '../serving/config.ts';
import type { GatewayRegion } from '../topology/regions.ts';
import type { Country } from '../topology/residency/countries.ts';
import type { Residency } from '../topology/residency/transfers.ts';
import type { MetricName } from '../verdict/metrics.ts';
import type { StopCondition } from '../verdict/stop-conditions.ts';
import type { AwsService } from './containers-block.ts';

/** A validated scenario: durations in milliseconds, shares 0..1, defaults filled in. What files hold is in schema.ts. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly topology: Topology;
  /** Name of the design when `--design` names none. */
  readonly design: string;
  /** Designs by name: the shipped ones and the scenario's own, each complete. */
  readonly designs: Readonly<Record<string, Design>>;
  /** Those that the scenario is there to fail; empty where it does not say. */
  readonly badDesigns: readonly string[];
  readonly load: LoadPlan;
  /** Load that is sent before measuring starts, milliseconds. */
  readonly warmupMs: number;
  /** Length of the measured timeline, milliseconds. */
  readonly durationMs: number;
  readonly faults: readonly Fault[];
  /** Must hold in `baseline`, or the run is invalid. */
  readonly steadyState: readonly Expectation[];
  readonly expectations: readonly Expectation[];
  /** What ends a run early; absent: nothing does. */
  readonly abortWhen?: readonly StopCondition[];
  /** What `squall explore` may do; absent leaves it all to the defaults of harness/explore/bounds.ts. */
  readonly explore?: ExploreBlock;
  /** The model registry of the stack; absent: it has none, and runs the models that ship. */
  readonly registry?: RegistryPlan;
  /** Datasets of the stack, and who reads them; absent: it has none. */
  readonly data?: DataPlan;
  /** What was recorded of an incident that the scenario reproduces. */
  readonly recorded?: RecordedCurves;
  /** The file that it was read from; absent for one that was given as a value. */
  readonly file?: ScenarioSourceFile;
}

/** A scenario's file as it was when it was read. */
export interface ScenarioSourceFile {
  /** Without its folder. */
  readonly name: string;
  readonly text: string;
}

/** What callers of regions saw in an incident, on the scenario's timeline. */
export interface RecordedCurves {
  /** Where it was recorded, in words. */
  readonly source: string;
  /** How long each point stands for, milliseconds. */
  readonly stepMs: number;
  readonly curves: readonly {
    /** Fault target of the region, e.g. `aws/us-east-1`. */
    readonly target: string;
    /** In order of time, at least a step apart. */
    readonly points: readonly RecordedPoint[];
  }[];
}

/** Null where the recording does not say. */
export interface RecordedPoint {
  /** Start of its step, milliseconds after the measured timeline begins. */
  readonly atMs: number;
  /** Share of the calls that failed, 0..1. */
  readonly errorRate: number | null;
  /** How long calls took, failed ones too. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** In the recording's own unit. */
  readonly price: number | null;
}

/** Datasets that nodes of the stack keep. */
export interface DataPlan extends DatasetsLoad {
  /** How long a day of the callers is, milliseconds. */
  readonly dayMs: number;
}

/** What a scenario says of a search over fault schedules. Parts that are left out have defaults: harness/explore/bounds.ts. */
export interface ExploreBlock {
  /** Fault kinds that schedules are made of. */
  readonly kinds?: readonly string[];
  /** Faults in one schedule, at least 1. */
  readonly maxFaults?: number;
  /** Regions of one provider that faults may act on at the same time; what belongs to a provider as a whole counts as one more region. */
  readonly maxRegionsPerProvider?: number;
  /** No fault starts earlier, milliseconds. */
  readonly fromMs?: number;
  /** No fault ends later, milliseconds. */
  readonly untilMs?: number;
  readonly minLengthMs?: number;
  readonly maxLengthMs?: number;
  /** After a fault has started, full quality is back within this while a region is untouched, milliseconds. */
  readonly failoverWithinMs?: number;
  /** After the last fault is lifted, the service is back within this, milliseconds. */
  readonly recoverWithinMs?: number;
  /** Ranges and choices of settings: by kind, then by setting, in the form of scenario files. */
  readonly settings?: Readonly<Record<string, Readonly<Record<string, SettingRange>>>>;
  /** What holds under any schedule: phases `all` and `recovery`. */
  readonly expectations?: readonly Expectation[];
  /** Invariants that the scenario does not hold its designs to. */
  readonly except?: readonly string[];
}

/** What a setting may be in a search. */
export interface SettingRange {
  readonly min?: string | number;
  readonly max?: string | number;
  readonly only?: readonly (string | number | boolean)[];
}

/** Where a model registry stands, and who uses it beside the gateway. */
export interface RegistryPlan {
  /** Whose versions are published and read. */
  readonly model: string;
  /** Which of them is to be served. */
  readonly alias: string;
  /** Of the replicas, in the order in which they stand for leader. */
  readonly regions: readonly GatewayRegion[];
  readonly backupRegion: GatewayRegion;
  readonly publish: RegistryClientPlan | null;
  readonly read: RegistryClientPlan | null;
  /** A read is stale that tells of an older version than one that was acknowledged this long before, milliseconds. */
  readonly staleAfterMs: number;
}

/** Clients of the registry, one in each of the regions. */
export interface RegistryClientPlan {
  readonly everyMs: number;
  readonly regions: readonly GatewayRegion[];
}

export interface Topology {
  /** Where the gateway stands, e.g. `us-east`: a row of the round-trip matrix. */
  readonly gatewayRegion: string;
  /** In order of priority. */
  readonly regions: readonly TopologyRegion[];
  /** The clouds' key services stand as well, for what the stack has at rest; left out: they don't. */
  readonly hasKeys?: true;
  /** Real dependencies of a system under test; left out: none. */
  readonly containers?: readonly ScenarioContainer[];
}

/** Something real that a system under test uses, such as a database: live only. */
export interface ScenarioContainer {
  /** Unique; the last part of its link's id. */
  readonly name: string;
  /** Round trip to it, milliseconds. */
  readonly rttMs: number;
  /** The wire knows its requests; of others no more than the bytes. */
  readonly isHttp: boolean;
  /** Services of AWS that SDKs find there. */
  readonly awsServices: readonly AwsService[];
  readonly source: /** It runs already. */
    | { readonly type: 'url'; readonly origin: string }
    | {
        readonly type: 'image';
        readonly image: string;
        /** Inside of the container. */
        readonly port: number;
        /** Of the URL that a system under test is told, e.g. `redis`. */
        readonly scheme: string;
        readonly command?: readonly string[];
        readonly environment: Readonly<Record<string, string>>;
        /** A line that matches, or a path that is answered; left out: the image's health check, or its port. */
        readonly ready: { readonly log?: string; readonly path?: string; readonly withinMs?: number };
        readonly limits: ContainerLimits;
      }
    | {
        readonly type: 'localstack';
        /** Left out: harness/containers/localstack.ts has one. */
        readonly image?: string;
        readonly environment: Readonly<Record<string, string>>;
        readonly limits: ContainerLimits;
      };
}

export interface TopologyRegion {
  readonly provider: ProviderName;
  readonly region: string;
  /** Left out: nobody knows, and nobody's data has to stay anywhere. */
  readonly country?: Country;
  readonly rttMs: number;
  readonly instanceType: string;
  readonly instanceUsdPerHour: number;
  readonly capacity: CapacityConfig;
  /** Left out: provisioned. */
  readonly billing?: BillingMode;
}

/** How requests arrive. */
export interface LoadPlan {
  /** How callers reach the system under test. */
  readonly door: DoorName;
  /** What a request is, for the door `http`. */
  readonly http?: HttpRequestTemplate;
  /** What an operation asks for, for the door `graphql`: the image of its request when absent. */
  readonly graphql?: GraphqlOperation;
  readonly model: string;
  /** Give up on an answer after this long from its due time, milliseconds. */
  readonly timeoutMs: number;
  /** What callers tell the system under test that they give each request, milliseconds; they tell nothing when absent. */
  readonly deadlineMs?: number;
  /** An answer counts as goodput when it succeeds within this long of its due time, milliseconds. */
  readonly goodWithinMs: number;
  /** Who makes the requests; nobody in particular when left out. At least one; shares add up to 1. */
  readonly tenants?: readonly TenantLoad[];
  /** For the door `datasets`: what is asked of which. */
  readonly data?: DataPlan;
  /** How many different samples the requests carry; all that the model has when left out. */
  readonly inputs?: number;
  readonly shape:
    | {
        readonly type: 'open';
        readonly arrivals: 'constant' | 'poisson';
        readonly stages: readonly RateStage[];
        readonly bursts?: readonly Burst[];
      }
    | {
        readonly type: 'open';
        readonly arrivals: 'recorded';
        /** Where it was recorded and how it is played, for reports. */
        readonly source: string;
        /** Microseconds after the measured timeline began, whole numbers in order, none negative. */
        readonly timesUs: readonly number[];
      }
    | { readonly type: 'closed'; readonly connections: number };
}

/** One of those who share the system under test. */
export interface TenantLoad {
  readonly name: string;
  /** Of the load's rate, 0..1. */
  readonly share: number;
  readonly priority: Priority;
  /** On top of its share of the load. */
  readonly bursts?: readonly Burst[];
  /** Where its data has to stay; anywhere when left out. */
  readonly residency?: Residency;
}

/** The rate goes in a straight line from the stage's start to its end; the last stage's end rate holds on. */
export interface RateStage {
  readonly forMs: number;
  readonly fromPerS: number;
  readonly toPerS: number;
}

/** A rise of the rate for a while, once or at a beat; starts are counted from the beginning of the measured timeline. */
export interface Burst {
  /** Of the phase that it is; none when left out. */
  readonly name?: string;
  /** Start of the first. */
  readonly atMs: number;
  readonly forMs: number;
  /** From start to start, longer than `forMs`; 0 where there is one only. */
  readonly everyMs: number;
  /** How many, at least 1. */
  readonly count: number;
  /** Times the rate of the stages; 1 leaves it. */
  readonly multiplier: number;
  /** Added to the rate, a second, whatever is multiplied. */
  readonly addPerS: number;
}

/** Some of the requests. */
export type RequestGroup = { readonly tenant: string } | { readonly priority: Priority };

/** A bound on a metric in a phase. `baseline`, the name of a fault or a burst, `recovery`, or `all`. */
export interface Expectation {
  readonly phase: string;
  readonly metric: MetricName;
  /** Whose requests are measured; all when left out. */
  readonly group?: RequestGroup;
  readonly min?: number;
  readonly max?: number;
  /** Failover and recovery time: success share that counts as recovered, and the window it must hold for. */
  readonly objective?: { readonly success: number; readonly windowMs: number };
}
