import type { ArmRoute } from '../arm/route.ts';

const TYPE = 'Microsoft.Compute/virtualMachines';
const GROUP = '/resourceGroups/{resourceGroup}/providers/Microsoft.Compute/virtualMachines';
const MACHINE = `${GROUP}/{name}`;
const LOCATION = '/providers/Microsoft.Compute/locations/{location}';

/** Operations on virtual machines. Source: operations of @azure/arm-compute 25.1.1, which is made from the REST specification 2026-04-01. */
export const COMPUTE_ROUTES = {
  VirtualMachines_CreateOrUpdate: { method: 'PUT', path: MACHINE, action: `${TYPE}/write` },
  VirtualMachines_Get: { method: 'GET', path: MACHINE, action: `${TYPE}/read` },
  VirtualMachines_Update: { method: 'PATCH', path: MACHINE, action: `${TYPE}/write` },
  VirtualMachines_Delete: { method: 'DELETE', path: MACHINE, action: `${TYPE}/delete` },
  VirtualMachines_List: { method: 'GET', path: GROUP, action: `${TYPE}/read` },
  VirtualMachines_ListAll: { method: 'GET', path: '/providers/Microsoft.Compute/virtualMachines', action: `${TYPE}/read` },
  VirtualMachines_ListByLocation: { method: 'GET', path: `${LOCATION}/virtualMachines`, action: `${TYPE}/read` },
  VirtualMachines_InstanceView: { method: 'GET', path: `${MACHINE}/instanceView`, action: `${TYPE}/instanceView/read` },
  VirtualMachines_Start: { method: 'POST', path: `${MACHINE}/start`, action: `${TYPE}/start/action` },
  VirtualMachines_Restart: { method: 'POST', path: `${MACHINE}/restart`, action: `${TYPE}/restart/action` },
  VirtualMachines_PowerOff: { method: 'POST', path: `${MACHINE}/powerOff`, action: `${TYPE}/powerOff/action` },
  VirtualMachines_Deallocate: { method: 'POST', path: `${MACHINE}/deallocate`, action: `${TYPE}/deallocate/action` },
  VirtualMachines_SimulateEviction: {
    method: 'POST',
    path: `${MACHINE}/simulateEviction`,
    action: `${TYPE}/simulateEviction/action`,
  },
  VirtualMachineSizes_List: { method: 'GET', path: `${LOCATION}/vmSizes`, action: 'Microsoft.Compute/locations/vmSizes/read' },
  Usage_List: { method: 'GET', path: `${LOCATION}/usages`, action: 'Microsoft.Compute/locations/usages/read' },
  Operations_Get: {
    method: 'GET',
    path: `${LOCATION}/operations/{operationId}`,
    action: 'Microsoft.Compute/locations/operations/read',
  },
} as const satisfies Readonly<Record<string, ArmRoute>>;

export type ComputeOperation = keyof typeof COMPUTE_ROUTES;
