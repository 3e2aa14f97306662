import type { AzureAccount } from '../account.ts';
import { ArmError, invalidParameter, resourceNotFound } from '../arm/errors.ts';
import { type AsyncOperation, monitorResponse, pollingHeaders, statusResponse } from '../arm/operations.ts';
import { isObject, type Properties } from '../arm/read-properties.ts';
import type { ArmCall } from '../arm/resource-manager.ts';
import type { ArmHandlers } from '../arm/route.ts';
import { roundUsd } from '../usd.ts';
import { MACHINE_TYPE, type MachineInput, readMachine } from './machine-input.ts';
import { viewInstance, viewMachine } from './machine-view.ts';
import type { Machine, MachineAction } from './machines.ts';
import type { ComputeOperation } from './routes.ts';
import { MACHINE_SIZES } from './sizes.ts';

/** Machines of a page, when there are more. */
const PAGE_SIZE = 50;

const MACHINE_NAME = /^[A-Za-z0-9]([-\w.]{0,62}[\w])?$/;

const notAllowed = (message: string): ArmError => new ArmError(409, 'OperationNotAllowed', message);

/** What an existing machine keeps for life. */
const checkKept = (machine: Machine, input: MachineInput): void => {
  if (machine.input.location !== input.location) {
    throw new ArmError(
      409,
      'InvalidResourceLocation',
      `The resource '${machine.name}' already exists in location '${machine.input.location}' in resource group '${machine.resourceGroup}'. A resource with the same name cannot be created in location '${input.location}'. Please select a new resource name.`,
    );
  }
  const kept = (property: string) =>
    new ArmError(409, 'PropertyChangeNotAllowed', `Changing property '${property}' is not allowed.`, { target: property });
  if (machine.input.isSpot !== input.isSpot) throw kept('priority');
  const image = (properties: Properties) => {
    const storage = isObject(properties.storageProfile) ? properties.storageProfile : {};
    const reference = isObject(storage.imageReference) ? storage.imageReference : {};
    return ['publisher', 'offer', 'sku', 'version', 'id'].map((part) => reference[part]).join(' ');
  };
  if (image(machine.input.properties) !== image(input.properties)) throw kept('imageReference');
};

const checkEtag = (request: Request, machine: Machine | undefined): void => {
  const ifMatch = request.headers.get('if-match');
  const isMet = ifMatch === null || (machine !== undefined && (ifMatch === '*' || ifMatch === `"${machine.revision}"`));
  if (!isMet || (request.headers.get('if-none-match') === '*' && machine !== undefined)) {
    throw new ArmError(412, 'PreconditionFailed', 'The precondition given in one of the request headers evaluated to false.');
  }
};

/** Fields of a PATCH over those of the machine; objects are merged, all else is replaced. */
const merge = (base: Properties, changes: Properties): Properties => {
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(changes)) {
    const before = merged[name];
    merged[name] = isObject(before) && isObject(value) && name !== 'tags' ? merge(before, value) : value;
  }
  return merged;
};

/** What the operations of virtual machines do. */
export const createComputeHandlers = (account: AzureAccount): ArmHandlers<ComputeOperation, ArmCall> => {
  const { machines, machinePrices, subscriptionId, regions } = account;

  const follow = ({ url, apiVersion }: ArmCall, operation: AsyncOperation) =>
    pollingHeaders(
      url.href,
      `/subscriptions/${subscriptionId}/providers/Microsoft.Compute/locations/${operation.location}/operations`,
      operation,
      apiVersion,
    );

  const find = ({ resourceGroup, variables }: ArmCall): Machine => {
    const { name = '' } = variables;
    const machine = machines.find(resourceGroup, name);
    if (!machine) throw resourceNotFound(`${MACHINE_TYPE}/${name}`, resourceGroup);
    return machine;
  };

  const checkPrice = (operation: string, { isSpot, maxPrice, size, location }: MachineInput): void => {
    if (!isSpot || maxPrice === undefined || maxPrice === -1) return;
    const price = roundUsd(machinePrices.usdPerHour(size, location, true));
    if (maxPrice >= price) return;
    throw new ArmError(
      409,
      'SpotPriceGreaterThanProvidedMaxPrice',
      `Unable to perform operation '${operation}' since the provided max price '${maxPrice} USD' is lower than the current spot price '${price} USD' for Azure Spot Virtual Machine size '${size.name}'.`,
    );
  };

  const put = (call: ArmCall, body: Properties): Response => {
    const { name = '' } = call.variables;
    const known = machines.find(call.resourceGroup, name);
    checkEtag(call.request, known);
    if (!MACHINE_NAME.test(name)) {
      const message = `The name '${name}' is not valid: a name has 1 to 64 letters, digits, '-', '_' and '.', and begins with a letter or digit.`;
      throw invalidParameter('name', message);
    }
    const input = readMachine(body, regions, known === undefined);
    if (known) checkKept(known, input);
    checkPrice(known ? 'Update VM' : 'Create VM', input);
    const { machine, operation } = machines.put(call.resourceGroup, name, input);
    const { location: _, ...headers } = follow(call, operation);
    return Response.json(viewMachine(machine), { status: known ? 200 : 201, headers });
  };

  const act =
    (action: MachineAction) =>
    (call: ArmCall): Response => {
      const machine = find(call);
      if (machine.provisioningState === 'Deleting' && action !== 'delete') {
        throw notAllowed(`Cannot modify VM '${machine.name}' as it is marked for deletion.`);
      }
      if (action === 'restart' && machine.powerState === 'deallocated') {
        throw notAllowed(`Operation 'restart' is not allowed on VM '${machine.name}' since the VM is deallocated.`);
      }
      if (action === 'start') checkPrice('Start VM', machine.input);
      return new Response(null, { status: 202, headers: follow(call, machines.act(machine, action)) });
    };

  const list = ({ url }: ArmCall, selected: readonly Machine[]): Response => {
    const skip = Number(url.searchParams.get('$skiptoken') ?? 0);
    if (!Number.isInteger(skip) || skip < 0) throw invalidParameter('$skiptoken', 'The skip token is not valid.');
    const end = skip + PAGE_SIZE;
    const next = new URL(url);
    next.searchParams.set('$skiptoken', `${end}`);
    const withView = url.searchParams.get('statusOnly') === 'true' || url.searchParams.get('$expand') === 'instanceView';
    return Response.json({
      value: selected.slice(skip, end).map((machine) => viewMachine(machine, withView)),
      ...(end < selected.length ? { nextLink: next.href } : {}),
    });
  };

  const checkLocation = ({ variables }: ArmCall): string => {
    const { location = '' } = variables;
    if (regions.includes(location.toLowerCase())) return location.toLowerCase();
    throw new ArmError(
      400,
      'NoRegisteredProviderFound',
      `No registered resource provider found for location '${location}' and API version for type 'locations'. The supported locations are '${regions.join(', ')}'.`,
    );
  };

  const one = (call: ArmCall): Response => {
    const expand = call.url.searchParams.get('$expand');
    if (expand !== null && !['instanceView', 'userData'].includes(expand)) {
      const message = `The value '${expand}' of parameter '$expand' is not allowed. Allowed values are instanceView,userData.`;
      throw invalidParameter('$expand', message);
    }
    return Response.json(viewMachine(find(call), expand === 'instanceView'));
  };

  const simulateEviction = (call: ArmCall): Response => {
    const machine = find(call);
    if (!machine.input.isSpot) throw notAllowed('SimulateEviction is only supported for Spot virtual machines.');
    if (machine.powerState !== 'running') throw notAllowed(`VM '${machine.name}' is not running, and cannot be evicted.`);
    machines.evict(machine);
    return new Response(null, { status: 204 });
  };

  const listSizes = (call: ArmCall): Response => {
    checkLocation(call);
    const value = MACHINE_SIZES.map(({ name, cores, memoryMb, temporaryDiskMb, maxDataDisks }) => ({
      name,
      numberOfCores: cores,
      osDiskSizeInMB: 1_047_552,
      resourceDiskSizeInMB: temporaryDiskMb,
      memoryInMB: memoryMb,
      maxDataDiskCount: maxDataDisks,
    }));
    return Response.json({ value });
  };

  return {
    VirtualMachines_CreateOrUpdate: async (call) => put(call, await call.readBody()),
    VirtualMachines_Get: one,
    async VirtualMachines_Update(call) {
      const { id: _id, name: _name, type: _type, etag: _etag, ...shown } = viewMachine(find(call));
      return put(call, merge(shown, await call.readBody()));
    },
    VirtualMachines_Delete: (call) =>
      machines.find(call.resourceGroup, call.variables.name ?? '') ? act('delete')(call) : new Response(null, { status: 204 }),
    VirtualMachines_List: (call) => list(call, machines.list()),
    VirtualMachines_ListAll: (call) => list(call, machines.list()),
    VirtualMachines_ListByLocation(call) {
      const location = checkLocation(call);
      const here = machines.list().filter(({ input }) => input.location === location);
      return list(call, here);
    },
    VirtualMachines_InstanceView: (call) => Response.json(viewInstance(find(call))),
    VirtualMachines_Start: act('start'),
    VirtualMachines_Restart: act('restart'),
    VirtualMachines_PowerOff: act('powerOff'),
    VirtualMachines_Deallocate: act('deallocate'),
    VirtualMachines_SimulateEviction: simulateEviction,
    VirtualMachineSizes_List: listSizes,
    Usage_List: (call) => Response.json({ value: machines.quotas.usage(machines.list(), checkLocation(call)) }),
    Operations_Get({ url, variables }) {
      const operation = machines.operations.find(variables.operationId ?? '');
      if (!operation) throw new ArmError(404, 'NotFound', `The operation '${variables.operationId}' was not found.`);
      return url.searchParams.get('monitor') === 'true' ? monitorResponse(operation) : statusResponse(operation);
    },
  };
};
