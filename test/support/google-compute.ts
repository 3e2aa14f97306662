import type { protos } from '@google-cloud/compute';

type Instance = protos.google.cloud.compute.v1.IInstance;

/** The least that an instance needs. */
export const instanceOf = (zone: string, name: string, machineType = 'e2-small', more: Instance = {}): Instance => ({
  name,
  machineType: `zones/${zone}/machineTypes/${machineType}`,
  disks: [
    {
      boot: true,
      autoDelete: true,
      initializeParams: { sourceImage: 'projects/debian-cloud/global/images/family/debian-12', diskSizeGb: '10' },
    },
  ],
  networkInterfaces: [{ network: 'global/networks/default' }],
  ...more,
});
