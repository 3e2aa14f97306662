import { isObject, type Properties } from '../arm/read-properties.ts';
import { MACHINE_TYPE } from './machine-input.ts';
import type { Machine } from './machines.ts';

const POWER_WORDS: Readonly<Record<Machine['powerState'], string>> = {
  starting: 'VM starting',
  running: 'VM running',
  stopping: 'VM stopping',
  stopped: 'VM stopped',
  deallocating: 'VM deallocating',
  deallocated: 'VM deallocated',
};

/** The machine's state at run time. */
export const viewInstance = ({ provisioningState, powerState, since, osDiskName, input }: Machine) => ({
  computerName: isObject(input.properties.osProfile) ? input.properties.osProfile.computerName : undefined,
  hyperVGeneration: 'V2',
  disks: [
    {
      name: osDiskName,
      statuses: [{ code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded', time: since }],
    },
  ],
  statuses: [
    {
      code: `ProvisioningState/${provisioningState.toLowerCase()}`,
      level: 'Info',
      displayStatus: provisioningState === 'Succeeded' ? 'Provisioning succeeded' : provisioningState,
      time: since,
    },
    { code: `PowerState/${powerState}`, level: 'Info', displayStatus: POWER_WORDS[powerState] },
  ],
});

const viewStorage = ({ id, osDiskName, input }: Machine): Properties => {
  const storage = isObject(input.properties.storageProfile) ? input.properties.storageProfile : {};
  const disk = isObject(storage.osDisk) ? storage.osDisk : { createOption: 'FromImage' };
  const managedDisk = isObject(disk.managedDisk) ? disk.managedDisk : { storageAccountType: 'Premium_LRS' };
  const diskId = `${id.slice(0, id.indexOf('/virtualMachines/'))}/disks/${osDiskName}`;
  return {
    dataDisks: [],
    ...storage,
    osDisk: {
      osType: 'Linux',
      name: osDiskName,
      caching: 'ReadWrite',
      deleteOption: 'Detach',
      diskSizeGB: 30,
      ...disk,
      managedDisk: { ...managedDisk, id: diskId },
    },
  };
};

/** The machine as Resource Manager shows it. @param withInstanceView asked for by `$expand=instanceView` */
export const viewMachine = (machine: Machine, withInstanceView = false) => {
  const { input } = machine;
  return {
    name: machine.name,
    id: machine.id,
    type: MACHINE_TYPE,
    location: input.location,
    ...(input.tags ? { tags: input.tags } : {}),
    ...(input.zones ? { zones: input.zones } : {}),
    etag: `"${machine.revision}"`,
    properties: {
      ...input.properties,
      hardwareProfile: { vmSize: input.size.name },
      storageProfile: viewStorage(machine),
      ...(input.isSpot
        ? { priority: 'Spot', evictionPolicy: input.evictionPolicy, billingProfile: { maxPrice: input.maxPrice ?? -1 } }
        : {}),
      provisioningState: machine.provisioningState,
      vmId: machine.vmId,
      timeCreated: machine.timeCreated,
      ...(withInstanceView ? { instanceView: viewInstance(machine) } : {}),
    },
  };
};
