import { entra } from '../../../mocks/azure/services/entra.ts';
import { signIn } from '../../support/azure-cloud.ts';
import type { ConformanceCase } from '../case.ts';

const SCOPE = 'https://management.azure.com/.default';

/** MSAL keeps the status to itself; Entra's own code tells it. Source: mocks/azure/entra-errors.ts. */
const STATUSES: Readonly<Record<string, number>> = Object.fromEntries(
  Object.values(entra.spec.errors).map(({ code, status }) => [code, status]),
);

const codeOf = (error: unknown): string => /AADSTS\d+/.exec(String(error))?.[0] ?? String(error);

export const entraCase: ConformanceCase = {
  spec: entra.spec,
  connect(target) {
    // Each call signs in anew: the SDK keeps tokens.
    const getToken = (scope: string) => signIn(target).getToken(scope);
    return {
      async good() {
        const { token } = await getToken(SCOPE);
        if (token.split('.').length !== 3) throw new Error('Entra gave no JWT');
      },
      malformed: () => getToken('https://management.azure.com/user_impersonation'),
      unknownResource: () => getToken('https://nobody.example/.default'),
    };
  },
  forge: (credential) => ({ ...credential, clientSecret: `${credential.clientSecret?.slice(0, -1)}!` }),
  codeOf,
  conditions: {
    // What says where tokens are to be had is down as well: a client that knows already asks for another token.
    async unavailable(target, _calls, takeDown) {
      const credential = signIn(target);
      await credential.getToken(SCOPE);
      await takeDown();
      await credential.getToken('https://ml.azure.com/.default');
    },
  },
  statusOf: (error) => STATUSES[codeOf(error)] ?? 0,
};
