import { ArmError } from '../arm/errors.ts';
import { type AsyncOperation, type AsyncOperations, createAsyncOperations } from '../arm/operations.ts';
import type { ScheduledEvents } from '../metadata/scheduled-events.ts';
import type { MachineInput } from './machine-input.ts';
import { createQuotas, type Quotas } from './quotas.ts';

export type PowerState = 'starting' | 'running' | 'stopping' | 'stopped' | 'deallocating' | 'deallocated';

/** A virtual machine. */
export interface Machine {
  readonly id: string;
  readonly name: string;
  readonly resourceGroup: string;
  readonly vmId: string;
  readonly timeCreated: string;
  readonly osDiskName: string;
  readonly input: MachineInput;
  readonly provisioningState: 'Creating' | 'Updating' | 'Deleting' | 'Succeeded';
  readonly powerState: PowerState;
  /** When the power state was reached. */
  readonly since: string;
  /** Counts changes: the resource's etag. */
  readonly revision: number;
}

/** What can be done to a machine that is there. */
export type MachineAction = 'start' | 'restart' | 'powerOff' | 'deallocate' | 'delete';

/** Virtual machines of a subscription, in all regions. */
export interface Machines {
  readonly operations: AsyncOperations;
  readonly quotas: Quotas;
  find(resourceGroup: string, name: string): Machine | undefined;
  /** In the order in which they were created. */
  list(): readonly Machine[];
  /**
   * Creates a machine, or changes the one that is there.
   * @throws {ArmError} above a quota
   */
  put(
    resourceGroup: string,
    name: string,
    input: MachineInput,
  ): { readonly machine: Machine; readonly operation: AsyncOperation };
  act(machine: Machine, action: MachineAction): AsyncOperation;
  /** Announces to a spot machine that it is taken, and takes it after the notice. Nothing happens to one that is not allocated. */
  evict(machine: Machine, noticeMs?: number): void;
  /** As `evict`, for each spot machine of a region. */
  evictSpot(region: string, noticeMs?: number): void;
}

/**
 * How long operations take, milliseconds. At Azure it is half a minute to some minutes; here what counts is that the states are
 * gone through one by one, and that a test need not wait.
 */
export const OPERATION_MS = {
  create: 800,
  update: 400,
  start: 600,
  restart: 600,
  powerOff: 400,
  deallocate: 600,
  delete: 600,
} as const;

const TRANSITIONS: Readonly<Record<Exclude<MachineAction, 'delete'>, { readonly through: PowerState; readonly to: PowerState }>> =
  {
    start: { through: 'starting', to: 'running' },
    restart: { through: 'starting', to: 'running' },
    powerOff: { through: 'stopping', to: 'stopped' },
    deallocate: { through: 'deallocating', to: 'deallocated' },
  };

const keyOf = (resourceGroup: string, name: string): string => `${resourceGroup}/${name}`.toLowerCase();

export const createMachines = (subscriptionId: string, scheduledEvents: ScheduledEvents): Machines => {
  const machines = new Map<string, Machine>();
  const operations = createAsyncOperations();
  const quotas = createQuotas();

  const change = (machine: Machine, changes: Partial<Machine>): Machine => {
    const isPowerChanged = changes.powerState !== undefined && changes.powerState !== machine.powerState;
    const since = isPowerChanged ? new Date().toISOString() : machine.since;
    const changed = { ...machine, since, ...changes, revision: machine.revision + 1 };
    machines.set(keyOf(machine.resourceGroup, machine.name), changed);
    return changed;
  };

  /** Runs an operation on a machine; a newer one takes its place. */
  const run = (machine: Machine, durationMs: number, end: (current: Machine) => void): AsyncOperation =>
    operations.start(machine.input.location, durationMs, () => {
      const current = machines.get(keyOf(machine.resourceGroup, machine.name));
      if (current?.revision === machine.revision) {
        end(current);
        return undefined;
      }
      return new ArmError(409, 'OperationPreempted', 'Operation execution has been preempted by a more recent operation.');
    });

  const act: Machines['act'] = (machine, action) => {
    if (action === 'delete') {
      const deleting = change(machine, { provisioningState: 'Deleting' });
      return run(deleting, OPERATION_MS.delete, () => void machines.delete(keyOf(machine.resourceGroup, machine.name)));
    }
    const { through, to } = TRANSITIONS[action];
    const changing = change(machine, { provisioningState: 'Updating', powerState: through });
    return run(changing, OPERATION_MS[action], (current) => {
      change(current, { provisioningState: 'Succeeded', powerState: to });
    });
  };

  const evict: Machines['evict'] = (machine, noticeMs) => {
    const { name, resourceGroup, vmId, input } = machine;
    const take = async () => {
      const current = machines.get(keyOf(resourceGroup, name));
      if (current?.vmId !== vmId || current.powerState !== 'running') return;
      act(current, input.evictionPolicy === 'Delete' ? 'delete' : 'deallocate');
      await new Promise((resolve) => setTimeout(resolve, OPERATION_MS.deallocate));
    };
    scheduledEvents.preempt(input.location, name, take, noticeMs);
  };

  return {
    operations,
    quotas,
    find: (resourceGroup, name) => machines.get(keyOf(resourceGroup, name)),
    list: () => [...machines.values()],

    put(resourceGroup, name, input) {
      const known = machines.get(keyOf(resourceGroup, name));
      quotas.check(
        [...machines.values()].filter((machine) => machine !== known),
        input,
      );
      if (known) {
        const updating = change(known, { input, provisioningState: 'Updating' });
        const operation = run(updating, OPERATION_MS.update, (current) => change(current, { provisioningState: 'Succeeded' }));
        return { machine: updating, operation };
      }
      const timeCreated = new Date().toISOString();
      const machine: Machine = {
        id: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute/virtualMachines/${name}`,
        name,
        resourceGroup,
        vmId: crypto.randomUUID(),
        timeCreated,
        osDiskName: `${name}_OsDisk_1_${crypto.randomUUID().replaceAll('-', '')}`,
        input,
        provisioningState: 'Creating',
        powerState: 'starting',
        since: timeCreated,
        revision: 1,
      };
      machines.set(keyOf(resourceGroup, name), machine);
      const operation = run(machine, OPERATION_MS.create, (current) => {
        change(current, { provisioningState: 'Succeeded', powerState: 'running' });
      });
      return { machine, operation };
    },

    act,
    evict,
    evictSpot(region, noticeMs) {
      for (const machine of machines.values()) {
        const { input, powerState } = machine;
        if (input.location === region && input.isSpot && powerState === 'running') evict(machine, noticeMs);
      }
    },
  };
};
