import { compute } from '../../../mocks/azure/services/compute.ts';
import { computeClient, errorOf, machineIn, signInForged } from '../../support/azure-cloud.ts';
import type { ConformanceCase } from '../case.ts';

const GROUP = 'squall';

export const computeCase: ConformanceCase = {
  spec: compute.spec,
  connect(target) {
    const { region } = target;
    const { virtualMachines } = computeClient(target, region);
    const put = (name: string, vmSize: string) =>
      virtualMachines.createOrUpdate(GROUP, name, machineIn(region, { hardwareProfile: { vmSize } })).submitted();
    return {
      async good() {
        await put('one', 'Standard_D2s_v3');
        const machine = await virtualMachines.get(GROUP, 'one');
        if (machine.location !== region || !machine.vmId) throw new Error('the machine is not what was asked for');
      },
      malformed: () => put('one', 'Standard_Z9'),
      unknownResource: () => virtualMachines.get(GROUP, 'nobody'),
      exceedQuota: () => put('large', 'Standard_D32s_v3'),
    };
  },
  codeOf: (error) => errorOf(error).code,
  statusOf: (error) => errorOf(error).status,
  conditions: {
    // A forged secret is refused by Entra before the service sees it; here it is the token that is forged.
    'forged-credential': (target) => computeClient(target, target.region, signInForged(target)).virtualMachines.get(GROUP, 'one'),
  },
};
