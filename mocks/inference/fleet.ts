import { type Capacity, type Host, NoHost } from './capacity.ts';
import type { SpotConfig } from './deployment.ts';
import { createDispatch, type SlotHost } from './dispatch.ts';

type Market = 'on-demand' | 'spot';

interface Instance extends SlotHost {
  readonly market: Market;
  slowdown: number;
  errorShare: number;
  /** The cloud has announced that it takes it, or it is being scaled in: it no longer counts. */
  isLeaving: boolean;
  isGone: boolean;
  readonly onLost: Set<() => void>;
}

export interface FleetOptions {
  /** Instances that serve at once, at least 1. */
  readonly instances: number;
  /** Slots of an instance, at least 1. */
  readonly concurrency: number;
  readonly queueLimit: number;
  /** From the launch of an instance until it serves: the machine, the image and the model, milliseconds. */
  readonly startupMs: number;
  readonly spot?: SpotConfig | undefined;
  announce(text: string): void;
  /** Instances that are there, whatever they do, by how they were bought: at the beginning, and when it changes. */
  onCount(onDemand: number, spot: number): void;
}

/** Instances behind an endpoint, as many as are wanted of them. */
export interface Fleet extends Capacity {
  /** Instances that are wanted. Those that are too many get no more requests, end the ones they have, and go. @param count at least 1 */
  resize(count: number): void;
  readonly size: FleetSize;
}

export interface FleetSize {
  readonly wanted: number;
  readonly serving: number;
  readonly starting: number;
  /** Predictions that run. */
  readonly taken: number;
  readonly waiting: number;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const total = (instances: readonly Instance[], of: (instance: Instance) => number): number =>
  instances.reduce((sum, instance) => sum + of(instance), 0);

export const createFleet = ({ concurrency, queueLimit, startupMs, spot, announce, onCount, ...options }: FleetOptions): Fleet => {
  const instances: Instance[] = [];
  const dispatch = createDispatch(instances, concurrency, queueLimit);
  let wanted = options.instances;
  let isSpotAvailable = true;
  let spotReturns: ReturnType<typeof setTimeout> | undefined;

  const staying = () => instances.filter(({ isLeaving }) => !isLeaving);

  /** Null: none can be had. */
  const nextMarket = (): Market | null => {
    if (!spot || total(staying(), ({ market }) => (market === 'on-demand' ? 1 : 0)) < spot.onDemandBase) return 'on-demand';
    if (isSpotAvailable) return 'spot';
    return spot.fallsBack ? 'on-demand' : null;
  };

  const count = () => {
    const onSpot = total(instances, ({ market }) => (market === 'spot' ? 1 : 0));
    onCount(instances.length - onSpot, onSpot);
  };

  const launch = (market: Market, isServing: boolean): Instance => {
    const instance: Instance = {
      market,
      slowdown: 1,
      errorShare: 0,
      isServing,
      isLeaving: false,
      isGone: false,
      taken: 0,
      turn: 0,
      onLost: new Set(),
    };
    instances.push(instance);
    count();
    return instance;
  };

  const serve = (fresh: readonly Instance[]) => {
    const ready = fresh.filter(({ isGone, isLeaving }) => !isGone && !isLeaving);
    for (const instance of ready) instance.isServing = true;
    if (ready.length > 0) announce(`${counted(ready.length, 'instance')} more can serve, ${startupMs / 1000} s after the launch`);
    dispatch.refill();
  };

  /** It is away, and so is what ran on it. */
  const end = (instance: Instance) => {
    if (instance.isGone) return;
    instance.isGone = true;
    instance.isServing = false;
    instances.splice(instances.indexOf(instance), 1);
    count();
    for (const lose of instance.onLost) lose();
  };

  /** Ends when the last of its predictions has. */
  const retire = (instance: Instance) => {
    instance.isLeaving = true;
    instance.isServing = false;
    if (instance.taken === 0) end(instance);
  };

  const launchMissing = () => {
    const fresh: Instance[] = [];
    while (staying().length < wanted) {
      const market = nextMarket();
      if (market === null) break;
      fresh.push(launch(market, false));
    }
    if (fresh.length > 0) setTimeout(() => serve(fresh), startupMs);
  };

  /** Those that are not up yet go first, then spot ones, then the least busy. */
  const retireExcess = () => {
    const rank = ({ isServing, market, taken }: Instance) =>
      (isServing ? 2 * concurrency + 2 : 0) + (market === 'on-demand' ? concurrency + 1 : 0) + taken;
    const excess = staying()
      .toSorted((a, b) => rank(a) - rank(b))
      .slice(0, Math.max(0, staying().length - wanted));
    for (const instance of excess) retire(instance);
    dispatch.refill();
  };

  /** What was had on demand for want of spot capacity is replaced by it, and goes when that serves. */
  const returnToSpot = () => {
    if (!spot) return;
    const stopgaps = staying()
      .filter(({ market }) => market === 'on-demand')
      .slice(spot.onDemandBase);
    if (stopgaps.length === 0) return;
    announce(`${counted(stopgaps.length, 'instance')} on demand will be replaced by spot ones`);
    for (const stopgap of stopgaps) stopgap.isLeaving = true;
    launchMissing();
    setTimeout(() => {
      for (const stopgap of stopgaps) if (!stopgap.isGone) retire(stopgap);
      dispatch.refill();
    }, startupMs);
  };

  const reclaim = (taken: readonly Instance[]) => {
    const victims = taken.filter(({ isGone }) => !isGone);
    const lost = total(victims, (instance) => instance.onLost.size);
    for (const victim of victims) end(victim);
    if (victims.length > 0) {
      announce(
        `${counted(victims.length, 'spot instance')} taken back with ${counted(lost, 'prediction')} on them, ${instances.length} left`,
      );
    }
    dispatch.refill();
    launchMissing();
  };

  const untilLost = <Result>(instance: Instance, task: (host: Host) => Promise<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      const lose = () => reject(new NoHost('the instance was taken away'));
      instance.onLost.add(lose);
      void task(instance)
        .then(resolve, reject)
        .finally(() => instance.onLost.delete(lose));
    });

  for (let index = 0; index < wanted; index += 1) launch(nextMarket() ?? 'on-demand', true);

  const self: Fleet = {
    async run(task) {
      const instance = await dispatch.acquire();
      try {
        return await (instance.market === 'spot' ? untilLost(instance, task) : task(instance));
      } finally {
        dispatch.release(instance);
        if (instance.isLeaving && !instance.isServing && instance.taken === 0) end(instance);
      }
    },
    onRequest: () => undefined,
    resize(next) {
      if (next === wanted) return;
      announce(`scales ${next > wanted ? 'out' : 'in'} from ${wanted} to ${counted(next, 'instance')}`);
      wanted = next;
      launchMissing();
      retireExcess();
    },
    get size() {
      const serving = total(instances, ({ isServing }) => (isServing ? 1 : 0));
      return {
        wanted,
        serving,
        starting: staying().length - total(staying(), ({ isServing }) => (isServing ? 1 : 0)),
        taken: total(instances, ({ taken }) => taken),
        waiting: dispatch.waiting,
      };
    },
    interrupt({ noticeMs, share }) {
      const onSpot = staying().filter(({ market }) => market === 'spot');
      const victims = onSpot.slice(0, Math.ceil(share * onSpot.length));
      if (victims.length === 0) return;
      announce(
        `${counted(victims.length, 'spot instance')} of ${counted(instances.length, 'instance')} will be taken back in ${noticeMs / 1000} s`,
      );
      if (spot?.drainOnNotice) {
        for (const victim of victims) victim.isLeaving = true;
        launchMissing();
        setTimeout(
          () => {
            for (const victim of victims) if (!victim.isGone) retire(victim);
            dispatch.refill();
          },
          Math.max(0, noticeMs - spot.drainMs),
        );
      }
      setTimeout(() => reclaim(victims), noticeMs);
    },
    setSpotAvailable(afterMs) {
      clearTimeout(spotReturns);
      isSpotAvailable = afterMs === 0;
      if (afterMs === 0) {
        launchMissing();
        returnToSpot();
      } else if (afterMs !== null) spotReturns = setTimeout(() => self.setSpotAvailable(0), afterMs);
    },
    degrade({ share, slowdown, errorShare }) {
      for (const instance of instances) Object.assign(instance, { slowdown: 1, errorShare: 0 });
      const serving = instances.filter(({ isServing }) => isServing);
      const sick = serving.slice(0, Math.ceil(share * serving.length));
      for (const instance of sick) Object.assign(instance, { slowdown, errorShare });
      announce(
        sick.length > 0
          ? `${sick.length} of ${counted(serving.length, 'instance')} no longer well`
          : 'all instances are well again',
      );
    },
  };
  return self;
};
