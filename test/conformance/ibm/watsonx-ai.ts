import { BearerTokenAuthenticator, IamAuthenticator, IamTokenManager } from 'ibm-cloud-sdk-core';
import { GLOBAL } from '../../../mocks/cloud/cloud.ts';
import type { IbmAccount } from '../../../mocks/ibm/account.ts';
import { watsonx } from '../../../mocks/ibm/services/watsonx.ts';
import { MAX_DEPLOYMENTS } from '../../../mocks/ibm/watsonx/deployments.ts';
import { codeOf, type IbmError, Scoring, VERSION } from '../../support/ibm.ts';
import { rowLabelled } from '../../support/model.ts';
import type { ConformanceCase, Target } from '../case.ts';

/** Accounts of this cloud are the ones that its definition opens. */
const spaceOf = ({ account, region }: Target) => (account as IbmAccount).spaceIn(region);

const clientOf = ({ origin, originOf, credential }: Target) =>
  new Scoring({
    version: VERSION,
    serviceUrl: origin,
    authenticator: new IamAuthenticator({ apikey: credential.apikey ?? '', url: originOf('iam', GLOBAL) }),
  });

export const watsonxCase: ConformanceCase = {
  spec: watsonx.spec,
  connect(target) {
    const client = clientOf(target);
    const space = spaceOf(target);
    const [deployment = ''] = space.deployments.keys();
    const input = { input_data: [{ values: [rowLabelled(3)] }] };
    return {
      async good() {
        const { result } = await client.predict(deployment, input);
        if (result.predictions[0]?.values.length !== 1) throw new Error('one row got no prediction');
      },
      malformed: () => client.predict(deployment, { rows: [] }),
      unknownResource: () => client.predict(crypto.randomUUID(), input),
      async exceedQuota() {
        const asset = { id: space.models[0]?.id ?? '' };
        for (let count = 0; count < MAX_DEPLOYMENTS; count += 1) {
          await client.createDeployment({ name: `one more (${count})`, online: {}, spaceId: space.id, asset });
        }
      },
    };
  },
  codeOf,
  statusOf: (error) => (error as IbmError).status,
  conditions: {
    // A forged API key is refused by IAM before the service sees it; here it is the token that is forged.
    async 'forged-credential'(target) {
      const manager = new IamTokenManager({ apikey: target.credential.apikey ?? '', url: target.originOf('iam', GLOBAL) });
      const token = await manager.getToken();
      const at = token.lastIndexOf('.') + 1;
      const bearerToken = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
      const authenticator = new BearerTokenAuthenticator({ bearerToken });
      await new Scoring({ version: VERSION, serviceUrl: target.origin, authenticator }).predict('digits', { input_data: [] });
    },
  },
};
