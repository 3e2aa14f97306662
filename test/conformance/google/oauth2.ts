import { oauth2 } from '../../../mocks/google/services/oauth2.ts';
import { exchangingJwt } from '../../support/google-cloud.ts';
import type { ConformanceCase } from '../case.ts';
import { check, forge } from './errors.ts';

interface TokenError {
  readonly status?: number;
  readonly response?: { readonly data?: { readonly error?: string | { readonly status?: string } } };
}

export const oauth2Case: ConformanceCase = {
  spec: oauth2.spec,
  connect({ origin, credential }) {
    const authorize = async (scopes: string[]) => {
      const jwt = exchangingJwt(credential, origin);
      jwt.scopes = scopes;
      return jwt.authorize();
    };
    return {
      async good() {
        const { access_token: token } = await authorize(['https://www.googleapis.com/auth/cloud-platform']);
        check(/^ya29\./.test(token ?? ''), token?.slice(0, 5));
      },
      malformed: () => authorize([]),
    };
  },
  forge,
  codeOf(error) {
    const code = (error as TokenError).response?.data?.error;
    return String(typeof code === 'object' ? code.status : code);
  },
  statusOf: (error) => Number((error as TokenError).status),
};
