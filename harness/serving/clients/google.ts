import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';
import type { ProviderCredential } from '../../../mocks/emulator.ts';
import type { GatewayLink } from '../config.ts';
import { LinkError } from '../errors.ts';
import type { Access, Authorize } from './access.ts';
import { readJson, send } from './http.ts';
import { readPredictions } from './predictions.ts';
import { type BearerToken, requestToken, type TokenLink, tokenEndpointOf } from './token.ts';

/** Opens every Google Cloud API, as far as the service account may. */
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/** Longest life that Google lets an assertion have, seconds. Source: developers.google.com/identity/protocols/oauth2/service-account; read November 2026. */
const ASSERTION_LIFE_S = 3600;

/** Vertex AI in the Cloud Billing catalog. Source: cloud.google.com/skus; read November 2026. */
const VERTEX_AI_SERVICE_ID = 'C7E2-9256-1C43';

/** Pages of the catalog that are read in search of a price. */
const MAX_PAGES = 20;

type GoogleCredential = Extract<ProviderCredential, { provider: 'google' }>;

/** The statement, signed with the service account's key, that a token is given for (RFC 7523). */
const signAssertion = async (credential: GoogleCredential, audience: string, nowMs: number): Promise<string> => {
  const issuedAtS = Math.floor(nowMs / 1000);
  return new SignJWT({ scope: SCOPE })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: credential.privateKeyId })
    .setIssuer(credential.clientEmail)
    .setAudience(audience)
    .setIssuedAt(issuedAtS)
    .setExpirationTime(issuedAtS + ASSERTION_LIFE_S)
    .sign(await importPKCS8(credential.privateKeyPem, 'RS256'));
};

/** An access token for an assertion that the service account signs. @throws {LinkError} */
export const requestGoogleToken = async (
  credential: GoogleCredential,
  link: TokenLink,
  signal: AbortSignal,
  nowMs: number,
): Promise<BearerToken> => {
  const tokenUrl = `${tokenEndpointOf(link)}/token`;
  const assertion = await signAssertion(credential, tokenUrl, nowMs);
  return requestToken(
    'The Google token endpoint',
    tokenUrl,
    { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion },
    signal,
  );
};

/** A page of the billing catalog, as far as it is read. */
const skuPage = z.object({
  skus: z.array(
    z.object({
      description: z.string(),
      category: z.object({ usageType: z.string() }),
      serviceRegions: z.array(z.string()),
      pricingInfo: z.array(
        z.object({
          pricingExpression: z.object({
            usageUnit: z.string(),
            tieredRates: z.array(
              z.object({ unitPrice: z.object({ currencyCode: z.string(), units: z.coerce.number(), nanos: z.number() }) }),
            ),
          }),
        }),
      ),
    }),
  ),
  nextPageToken: z.string().optional(),
});

type Sku = z.output<typeof skuPage>['skus'][number];

/** The instance type is a word of the description: the catalog has no field for it. */
const isOf = ({ description, category, serviceRegions }: Sku, { region, instanceType }: GatewayLink): boolean =>
  category.usageType === 'OnDemand' && serviceRegions.includes(region) && description.split(' ').includes(instanceType);

/** US dollars an hour: the rate of the last tier. Null when it is not priced by the hour in dollars. */
const hourlyUsd = ({ pricingInfo }: Sku): number | null => {
  const expression = pricingInfo.at(-1)?.pricingExpression;
  const price = expression?.tieredRates.at(-1)?.unitPrice;
  if (expression?.usageUnit !== 'h' || price?.currencyCode !== 'USD') return null;
  return price.units + price.nanos / 1e9;
};

const findPrice = async (link: GatewayLink, authorization: string, signal: AbortSignal): Promise<number> => {
  const who = 'The Cloud Billing catalog';
  let pageToken = '';
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = pageToken === '' ? '' : `?${new URLSearchParams({ pageToken })}`;
    const url = `${link.priceEndpoint}/v1/services/${VERTEX_AI_SERVICE_ID}/skus${query}`;
    const answer = await send(who, { method: 'GET', url, headers: { authorization } }, signal);
    const { data } = skuPage.safeParse(readJson(who, answer));
    if (!data) throw new LinkError('unavailable', `${who} answered 200 without a list of SKUs.`);
    const sku = data.skus.find((candidate) => isOf(candidate, link));
    const usdPerHour = sku && hourlyUsd(sku);
    if (typeof usdPerHour === 'number') return usdPerHour;
    if (!data.nextPageToken) break;
    pageToken = data.nextPageToken;
  }
  throw new LinkError('unavailable', `${who} has no price for the instance type in the region.`);
};

/** Google Vertex AI online prediction, with an access token that a signed assertion of the service account is exchanged for. */
export const authorizeGoogle: Authorize = async (credential, link, signal, clock): Promise<Access> => {
  if (credential.provider !== 'google') {
    throw new LinkError('credential', `A credential of ${credential.provider} does not open google.`);
  }
  const { token, expiresAtMs } = await requestGoogleToken(credential, link, signal, clock.nowMs());
  const authorization = `Bearer ${token}`;

  return {
    fingerprint: token,
    expiresAtMs,
    async predict({ id, endpoint, region, endpointName }, rows, signal) {
      const resource = `projects/${credential.projectId}/locations/${region}/endpoints/${endpointName}`;
      const answer = await send(
        id,
        {
          method: 'POST',
          url: `${endpoint}/v1/${resource}:predict`,
          headers: { authorization, 'content-type': 'application/json' },
          body: JSON.stringify({ instances: rows }),
        },
        signal,
      );
      const { predictions } = (readJson(id, answer) ?? {}) as { readonly predictions?: unknown };
      return readPredictions(id, predictions, rows.length);
    },
    priceUsdPerHour: (link, signal) => findPrice(link, authorization, signal),
  };
};
