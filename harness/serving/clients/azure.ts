import { z } from 'zod';
import type { ProviderCredential } from '../../../mocks/emulator.ts';
import type { GatewayLink } from '../config.ts';
import { LinkError, type LinkErrorKind } from '../errors.ts';
import type { Access, Authorize } from './access.ts';
import { kindOfStatus, type ProviderAnswer, readJson, send } from './http.ts';
import { readPredictions } from './predictions.ts';
import { type BearerToken, requestToken, type TokenLink, tokenEndpointOf } from './token.ts';

/** Scoring requests to online endpoints. Source: Azure ML docs, "Authenticate clients for online endpoints"; read November 2026. */
const SCOPE = 'https://ml.azure.com/.default';

/** The router answers 424 for whatever the model's container answered but 200, and says in a header what that was. */
const kindOf = ({ status, headers }: ProviderAnswer): LinkErrorKind => {
  const original = Number(headers.get('ms-azureml-model-error-statuscode'));
  return status === 424 && original >= 400 && original < 500 ? kindOfStatus(original) : kindOfStatus(status);
};

/** A page of the Retail Prices API, as far as it is read. */
const pricePage = z.object({
  Items: z.array(z.object({ retailPrice: z.number().positive(), unitOfMeasure: z.string(), currencyCode: z.string() })),
});

const findPrice = async ({ priceEndpoint, region, instanceType }: GatewayLink, signal: AbortSignal): Promise<number> => {
  const who = 'The Azure retail price list';
  const filter = `armRegionName eq '${region}' and armSkuName eq '${instanceType}' and priceType eq 'Consumption'`;
  const url = `${priceEndpoint}/api/retail/prices?${new URLSearchParams({ $filter: filter })}`;
  const answer = await send(who, { method: 'GET', url, headers: {} }, signal);
  const { data } = pricePage.safeParse(readJson(who, answer));
  const hourly = data?.Items.find(({ unitOfMeasure, currencyCode }) => unitOfMeasure === '1 Hour' && currencyCode === 'USD');
  if (!hourly) throw new LinkError('unavailable', `${who} has no price for the instance type in the region.`);
  return hourly.retailPrice;
};

/** A token by client credentials. @param scope e.g. `https://ml.azure.com/.default` @throws {LinkError} */
export const requestEntraToken = (
  credential: Extract<ProviderCredential, { provider: 'azure' }>,
  link: TokenLink,
  scope: string,
  signal: AbortSignal,
): Promise<BearerToken> =>
  requestToken(
    'Microsoft Entra',
    `${tokenEndpointOf(link)}/${credential.tenantId}/oauth2/v2.0/token`,
    {
      grant_type: 'client_credentials',
      client_id: credential.clientId,
      client_secret: credential.clientSecret,
      scope,
    },
    signal,
  );

/** Azure Machine Learning online endpoints, with a Microsoft Entra token by client credentials. */
export const authorizeAzure: Authorize = async (credential, link, signal): Promise<Access> => {
  if (credential.provider !== 'azure') {
    throw new LinkError('credential', `A credential of ${credential.provider} does not open azure.`);
  }
  const { token, expiresAtMs } = await requestEntraToken(credential, link, SCOPE, signal);

  return {
    fingerprint: token,
    expiresAtMs,
    async predict({ id, endpoint, endpointName }, rows, signal) {
      const answer = await send(
        id,
        {
          method: 'POST',
          url: `${endpoint}/score`,
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            'azureml-model-deployment': endpointName,
          },
          body: JSON.stringify({ input_data: rows }),
        },
        signal,
      );
      return readPredictions(id, readJson(id, answer, kindOf), rows.length);
    },
    // Prices are public: no token goes with the question.
    priceUsdPerHour: findPrice,
  };
};
