import { IamTokenManager } from 'ibm-cloud-sdk-core';
import { GLOBAL } from '../../../mocks/cloud/cloud.ts';
import type { IbmAccount } from '../../../mocks/ibm/account.ts';
import { dataplatform } from '../../../mocks/ibm/services/dataplatform.ts';
import { ask, codeOf, statusOf } from '../azure/plain.ts';
import type { ConformanceCase, Target } from '../case.ts';

const codeIn = (body: unknown) => (body as { readonly errors?: readonly { readonly code: string }[] }).errors?.[0]?.code;

const tokensOf = ({ credential, originOf }: Target) =>
  new IamTokenManager({ apikey: credential.apikey ?? '', url: originOf('iam', GLOBAL) });

/** Keeps its token, as SDKs do. */
const clientOf = (target: Target) => {
  const tokens = tokensOf(target);
  return async (path: string) =>
    ask(`${target.origin}${path}`, codeIn, { headers: { authorization: `Bearer ${await tokens.getToken()}` } });
};

export const dataplatformCase: ConformanceCase = {
  spec: dataplatform.spec,
  connect(target) {
    const get = clientOf(target);
    const space = (target.account as IbmAccount).spaceIn(target.region);
    return {
      async good() {
        const { metadata, entity } = (await get(`/v2/spaces/${space.id}`)) as {
          readonly metadata: { readonly id: string };
          readonly entity: { readonly compute: readonly { readonly type: string }[] };
        };
        if (metadata.id !== space.id || entity.compute[0]?.type !== 'machine_learning') throw new Error('this is another space');
      },
      malformed: () => get('/v2/spaces?limit=0'),
      unknownResource: () => get(`/v2/spaces/${crypto.randomUUID()}`),
    };
  },
  codeOf,
  statusOf,
  conditions: {
    // A forged API key is refused by IAM before the service sees it; here it is the token that is forged.
    async 'forged-credential'(target) {
      const token = await tokensOf(target).getToken();
      const at = token.lastIndexOf('.') + 1;
      const forged = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
      await ask(`${target.origin}/v2/spaces`, codeIn, { headers: { authorization: `Bearer ${forged}` } });
    },
  },
};
