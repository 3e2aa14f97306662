import { incorrectState, OciError } from '../errors.ts';
import { mintOcid } from '../ocid.ts';
import { HOST_CAPACITY, SERVICE_LIMITS, type Shape, unitsOf } from './shapes.ts';

export type LifecycleState = 'PROVISIONING' | 'STARTING' | 'RUNNING' | 'STOPPING' | 'STOPPED' | 'TERMINATING' | 'TERMINATED';

/** What a launch has settled. */
export interface LaunchPlan {
  readonly availabilityDomain: string;
  readonly compartmentId: string;
  readonly shape: Shape;
  readonly ocpus: number;
  readonly memoryInGBs: number;
  readonly imageId: string;
  readonly faultDomain: string;
  readonly displayName: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly freeformTags: Readonly<Record<string, string>>;
  /** Null for capacity that is not taken back. */
  readonly preemption: { readonly preserveBootVolume: boolean } | null;
}

export interface Instance extends LaunchPlan {
  readonly id: string;
  readonly timeCreated: string;
  displayName: string;
  freeformTags: Readonly<Record<string, string>>;
  lifecycleState: LifecycleState;
  /** Changes with the instance. */
  etag: string;
}

/** The instances of a tenancy in one region. */
export interface Instances {
  /** Newest last; those that are terminated too, as Oracle shows them for some hours. */
  readonly all: readonly Instance[];
  find(id: string): Instance | undefined;
  /** @throws {OciError} above a service limit, or for a full availability domain */
  launch(plan: LaunchPlan): Instance;
  update(instance: Instance, changes: Partial<Pick<Instance, 'displayName' | 'freeformTags'>>): void;
  /** @throws {OciError} `IncorrectState` */
  start(instance: Instance): void;
  /** @throws {OciError} `IncorrectState` */
  stop(instance: Instance): void;
  /** @throws {OciError} `IncorrectState` */
  reset(instance: Instance): void;
  /** @throws {OciError} `IncorrectState` */
  terminate(instance: Instance): void;
  /** Takes all preemptible capacity back, after its notice. */
  preempt(noticeMs?: number): void;
}

/** How long each change of state takes, milliseconds. At Oracle it is most of a minute; nobody waits that long for an emulator. */
export const STEP_MS = 1000;

/** From the event that announces a preemption to the termination, milliseconds. Oracle says "a short notice period", and no figure. */
export const PREEMPTION_NOTICE_MS = 30_000;

/** Instances that are remembered; past it the oldest that is terminated is forgotten. */
const MAX_REMEMBERED = 2000;

const newEtag = () => crypto.randomUUID().replaceAll('-', '') + crypto.randomUUID().replaceAll('-', '');

const isGone = ({ lifecycleState }: Instance) => lifecycleState === 'TERMINATED';

const checkLimits = (instances: readonly Instance[], { shape, ocpus, availabilityDomain }: LaunchPlan): void => {
  const wanted = unitsOf(shape, ocpus);
  const held = instances.filter((instance) => !isGone(instance) && instance.shape.limit === shape.limit);
  const sum = (of: readonly Instance[]) => of.reduce((total, instance) => total + unitsOf(instance.shape, instance.ocpus), 0);
  if (sum(held) + wanted > (SERVICE_LIMITS[shape.limit] ?? 0)) {
    throw new OciError(
      400,
      'LimitExceeded',
      `The following service limits were exceeded: ${shape.limit}. ` +
        'Request a service limit increase from the service limits page in the console. ',
    );
  }
  const here = held.filter((instance) => instance.availabilityDomain === availabilityDomain);
  // So its users see it: a 500 that no documented code tells from others.
  if (sum(here) + wanted > (HOST_CAPACITY[shape.limit] ?? 0)) throw new OciError(500, 'InternalError', 'Out of host capacity.');
};

export const createInstances = (region: string): Instances => {
  const all: Instance[] = [];
  /** Counts a machine's orders, so that a step of an order that was overtaken by another is not taken. */
  const orders = new Map<string, number>();

  const enter = (instance: Instance, state: LifecycleState): void => {
    instance.lifecycleState = state;
    instance.etag = newEtag();
  };

  /** Enters the first state at once, and the others one step after the other. */
  const walk = (instance: Instance, states: readonly LifecycleState[]): void => {
    const order = (orders.get(instance.id) ?? 0) + 1;
    orders.set(instance.id, order);
    const take = (at: number) => {
      const state = states[at];
      if (state === undefined || orders.get(instance.id) !== order) return;
      enter(instance, state);
      setTimeout(() => take(at + 1), STEP_MS);
    };
    take(0);
  };

  const require = (instance: Instance, states: readonly LifecycleState[], action: string): void => {
    if (states.includes(instance.lifecycleState)) return;
    throw incorrectState(`Cannot ${action} instance ${instance.id}: it is in state ${instance.lifecycleState}.`);
  };

  const forget = (): void => {
    const oldest = all.findIndex(isGone);
    if (all.length > MAX_REMEMBERED && oldest !== -1) orders.delete(all.splice(oldest, 1)[0]?.id ?? '');
  };

  const end = (instance: Instance) => walk(instance, ['TERMINATING', 'TERMINATED']);

  return {
    all,
    find: (id) => all.find((instance) => instance.id === id),

    launch(plan) {
      checkLimits(all, plan);
      const instance: Instance = {
        ...plan,
        id: mintOcid('instance', region),
        timeCreated: new Date().toISOString(),
        lifecycleState: 'PROVISIONING',
        etag: newEtag(),
      };
      all.push(instance);
      forget();
      walk(instance, ['PROVISIONING', 'RUNNING']);
      return instance;
    },

    update(instance, changes) {
      Object.assign(instance, changes, { etag: newEtag() });
    },

    start(instance) {
      require(instance, ['STOPPED'], 'start');
      walk(instance, ['STARTING', 'RUNNING']);
    },
    stop(instance) {
      require(instance, ['RUNNING'], 'stop');
      walk(instance, ['STOPPING', 'STOPPED']);
    },
    reset(instance) {
      require(instance, ['RUNNING'], 'reset');
      walk(instance, ['STOPPING', 'STARTING', 'RUNNING']);
    },
    terminate(instance) {
      require(instance, ['PROVISIONING', 'STARTING', 'RUNNING', 'STOPPING', 'STOPPED'], 'terminate');
      end(instance);
    },

    preempt(noticeMs = PREEMPTION_NOTICE_MS) {
      for (const instance of all) {
        if (instance.preemption === null || isGone(instance)) continue;
        setTimeout(() => {
          if (!['TERMINATING', 'TERMINATED'].includes(instance.lifecycleState)) end(instance);
        }, noticeMs);
      }
    },
  };
};
