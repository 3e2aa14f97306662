import type { OracleAccount } from '../../../mocks/oracle/account.ts';
import { modelDeployment } from '../../../mocks/oracle/services/model-deployment.ts';
import { rowLabelled } from '../../support/model.ts';
import { type OracleError, predict } from '../../support/oracle.ts';
import type { ConformanceCase, Target } from '../case.ts';
import { forgeSigningKey, LATE_MS } from './forge.ts';

const predictOne = async ({ account, region, origin, credential }: Target, clockOffsetMs = 0) => {
  // Accounts of this cloud are the ones that its definition opens.
  const { modelDeploymentId } = (account as OracleAccount).regionOf(region);
  const { prediction } = await predict(origin, modelDeploymentId, [rowLabelled(3)], credential, clockOffsetMs);
  if (prediction.length !== 1) throw new Error('one row got no prediction');
};

export const modelDeploymentCase: ConformanceCase = {
  spec: modelDeployment.spec,
  connect(target) {
    const { origin, credential, account, region } = target;
    return {
      good: () => predictOne(target),
      malformed: () =>
        predict(origin, (account as OracleAccount).regionOf(region).modelDeploymentId, { data: 'rows' }, credential),
      unknownResource: () => predict(origin, 'ocid1.datasciencemodeldeployment.oc1.iad.aaaa', [rowLabelled(3)], credential),
    };
  },
  forge: forgeSigningKey,
  codeOf: (error) => (error as OracleError).serviceCode,
  statusOf: (error) => (error as OracleError).statusCode,
  conditions: {
    // There are no tokens; what expires is the date of a signature.
    'expired-credential': (target) => predictOne(target, LATE_MS),
  },
};
