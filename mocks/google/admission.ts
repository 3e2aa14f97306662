import type { GoogleAccount } from './account.ts';
import type { Authenticate } from './authenticate.ts';
import { type RateQuota, rateExceeded } from './rate-exceeded.ts';
import { projectNumber } from './resource-names.ts';

/** Authentication with the request quota of a service behind it: only calls that are known to be the project's count against it. */
export const withRate =
  (account: GoogleAccount, service: string, region: string, quota: RateQuota): Authenticate =>
  async (request, api, method) => {
    const refusal = await account.authenticate(request, api, method);
    if (refusal) return refusal;
    return account.rates.admits(service, region) ? undefined : rateExceeded(projectNumber(account.projectId), quota);
  };
