import { createCapacity } from './capacity.ts';
import { ComputeError, invalidField, resourceNotFound } from './error.ts';
import { createInstance, type Instance, type InstanceStatus } from './instance.ts';
import type { InstanceRequest } from './instance-request.ts';
import { regionOfZone, zonesOf } from './names.ts';
import { startOperation, type ZoneOperation } from './operation.ts';

/**
 * How long each step takes, milliseconds. Boots and stops are shorter than Google's, which take tens of seconds; the notice before a
 * preempted instance is off is Google's own ("30 seconds for Spot VMs", `skip_guest_os_shutdown` in `compute.proto` of @google-cloud/compute 7.8).
 */
export const TIMINGS = { provisioning: 300, staging: 900, stopping: 1200, preemptionNotice: 30_000 } as const;

/** Instances and operations of a project, in the zones of its regions. */
export interface ComputeProject {
  readonly projectId: string;
  readonly zones: readonly string[];
  /** @throws {ComputeError} as are all of the following */
  insert(zone: string, request: InstanceRequest, user: string): ZoneOperation;
  find(zone: string, name: string): Instance;
  /** Oldest first. */
  instancesIn(zone: string): readonly Instance[];
  delete(zone: string, name: string, user: string): ZoneOperation;
  stop(zone: string, name: string, user: string): ZoneOperation;
  start(zone: string, name: string, user: string): ZoneOperation;
  operationsIn(zone: string): readonly ZoneOperation[];
  findOperation(zone: string, name: string): ZoneOperation;
  /** Preempts every spot instance of a region that runs. */
  preempt(region: string, noticeMs?: number): void;
  /** Calls back after each change of an instance; the answer ends it. */
  onChange(listener: () => void): () => void;
}

/** Operations that are remembered a zone; Google keeps them for about two weeks. */
const MAX_OPERATIONS = 1000;

export const createComputeProject = (projectId: string, regions: readonly string[]): ComputeProject => {
  const instances = new Map<string, Instance>();
  const operations = new Map<string, ZoneOperation[]>();
  const listeners = new Set<() => void>();
  const capacity = createCapacity(projectId);
  /** What each instance is in the middle of. */
  const pending = new WeakMap<Instance, ZoneOperation>();

  const changed = () => {
    for (const listener of [...listeners]) listener();
  };

  const set = (instance: Instance, status: InstanceStatus): void => {
    instance.status = status;
    changed();
  };

  /** Runs a step after a time, unless the instance has been told something else since. */
  const later = (instance: Instance, ms: number, step: () => void): void => {
    const { generation } = instance;
    setTimeout(() => {
      if (instance.generation === generation) step();
    }, ms);
  };

  const keyOf = (zone: string, name: string): string => `${zone}/${name}`;

  const find = (zone: string, name: string): Instance => {
    const instance =
      instances.get(keyOf(zone, name)) ?? [...instances.values()].find((one) => one.zone === zone && one.id === name);
    if (!instance) throw resourceNotFound(`projects/${projectId}/zones/${zone}/instances/${name}`);
    return instance;
  };

  const begin = (type: string, { zone, name, id }: Instance, user: string): ZoneOperation => {
    const operation = startOperation(type, { projectId, zone, user, instance: name, instanceId: id });
    const list = operations.get(zone) ?? [];
    list.push(operation);
    if (list.length > MAX_OPERATIONS) list.shift();
    operations.set(zone, list);
    return operation;
  };

  const remove = (instance: Instance): void => {
    instances.delete(keyOf(instance.zone, instance.name));
    changed();
  };

  const boot = (instance: Instance, ms: number, operation: ZoneOperation): void => {
    pending.set(instance, operation);
    set(instance, 'STAGING');
    later(instance, ms, () => {
      set(instance, 'RUNNING');
      operation.finish();
    });
  };

  /** What is still under way for the instance ends here. */
  const supersede = (instance: Instance): void => {
    instance.generation += 1;
    pending.get(instance)?.finish();
  };

  const halt = (instance: Instance, ms: number, then: () => void): void => {
    supersede(instance);
    set(instance, 'STOPPING');
    later(instance, ms, then);
  };

  return {
    projectId,
    zones: regions.flatMap(zonesOf),
    find,
    instancesIn: (zone) => [...instances.values()].filter((one) => one.zone === zone),

    insert(zone, request, user) {
      if (instances.has(keyOf(zone, request.name))) {
        const resource = `projects/${projectId}/zones/${zone}/instances/${request.name}`;
        throw new ComputeError('alreadyExists', `The resource '${resource}' already exists`);
      }
      const instance = createInstance(projectId, zone, request);
      const operation = begin('insert', instance, user);
      const refusal = capacity.refuse(instance, [...instances.values()]);
      if (refusal) {
        operation.finish(refusal);
        return operation;
      }
      instances.set(keyOf(zone, request.name), instance);
      pending.set(instance, operation);
      changed();
      later(instance, TIMINGS.provisioning, () => boot(instance, TIMINGS.staging, operation));
      return operation;
    },

    delete(zone, name, user) {
      const instance = find(zone, name);
      if (instance.describe().deletionProtection === true) {
        throw invalidField(
          'resource.deletionProtection',
          'true',
          `Resource cannot be deleted if it's protected against deletion. ${name} is protected.`,
        );
      }
      const operation = begin('delete', instance, user);
      halt(instance, TIMINGS.stopping, () => {
        remove(instance);
        operation.finish();
      });
      return operation;
    },

    stop(zone, name, user) {
      const instance = find(zone, name);
      const operation = begin('stop', instance, user);
      if (instance.status === 'TERMINATED') operation.finish();
      else {
        halt(instance, TIMINGS.stopping, () => {
          set(instance, 'TERMINATED');
          operation.finish();
        });
      }
      return operation;
    },

    start(zone, name, user) {
      const instance = find(zone, name);
      if (instance.status === 'STOPPING') {
        const resource = `projects/${projectId}/zones/${zone}/instances/${name}`;
        throw new ComputeError('resourceNotReady', `The resource '${resource}' is not ready`);
      }
      const operation = begin('start', instance, user);
      if (instance.status !== 'TERMINATED') operation.finish();
      else {
        const refusal = capacity.refuse(instance, [...instances.values()]);
        if (refusal) operation.finish(refusal);
        else {
          supersede(instance);
          instance.isPreempted = false;
          boot(instance, TIMINGS.staging, operation);
        }
      }
      return operation;
    },

    operationsIn: (zone) => operations.get(zone) ?? [],

    findOperation(zone, name) {
      const operation = operations.get(zone)?.find((one) => one.name === name || one.id === name);
      if (!operation) throw resourceNotFound(`projects/${projectId}/zones/${zone}/operations/${name}`);
      return operation;
    },

    preempt(region, noticeMs = TIMINGS.preemptionNotice) {
      for (const instance of [...instances.values()]) {
        if (regionOfZone(instance.zone) !== region || !instance.request.isSpot || instance.status !== 'RUNNING') continue;
        instance.isPreempted = true;
        begin('compute.instances.preempted', instance, 'system').finish();
        capacity.takeBack(instance, noticeMs);
        halt(instance, noticeMs, () => {
          if (instance.request.terminationAction === 'DELETE') remove(instance);
          else set(instance, 'TERMINATED');
        });
      }
    },

    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
