import { z } from 'zod';
import type { GatewayLink } from '../config.ts';
import { LinkError, type LinkErrorKind } from '../errors.ts';
import type { Access, Authorize, Rows } from './access.ts';
import { createAwsSigner, type RequestHead, type SignBody } from './aws-signer.ts';
import { kindOfStatus, type ProviderAnswer, parseLoosely, readJson, send } from './http.ts';
import { readPredictions } from './predictions.ts';

/** The service in three regions answers for all. Source: AWS Price List user guide, endpoints; read November 2026. */
const PRICING_REGION = 'us-east-1';

/**
 * Error names that say what a status alone does not: AWS's JSON services answer all of the caller's mistakes with 400, and SageMaker
 * throttles with 400. Names from the SDKs' common errors; read November 2026.
 */
const KIND_BY_NAME: Readonly<Record<string, LinkErrorKind>> = {
  AccessDeniedException: 'credential',
  ExpiredTokenException: 'credential',
  IncompleteSignatureException: 'credential',
  InvalidSignatureException: 'credential',
  MissingAuthenticationTokenException: 'credential',
  UnrecognizedClientException: 'credential',
  ThrottlingException: 'overloaded',
};

interface ErrorBody {
  readonly __type?: unknown;
  /** Of a `ModelError`: what the model's container answered. */
  readonly OriginalStatusCode?: unknown;
}

/** REST services name the error in a header, JSON services in the body, sometimes with a namespace before or a link after. */
const kindOf = (answer: ProviderAnswer): LinkErrorKind => {
  const body = (parseLoosely(answer.text) ?? {}) as ErrorBody;
  const name = String(answer.headers.get('x-amzn-errortype') ?? body.__type ?? '').replace(/^.*#|:.*$/g, '');
  const original = Number(body.OriginalStatusCode);
  if (name === 'ModelError' && original >= 400 && original < 500) return kindOfStatus(original);
  return KIND_BY_NAME[name] ?? kindOfStatus(answer.status);
};

/** A product of the price list, as far as it is read. Each comes as JSON in a string. */
const product = z.object({
  terms: z.object({
    OnDemand: z.record(
      z.string(),
      z.object({
        priceDimensions: z.record(
          z.string(),
          z.object({ unit: z.literal('Hrs'), pricePerUnit: z.object({ USD: z.coerce.number().positive() }) }),
        ),
      }),
    ),
  }),
});

const priceList = z.object({ PriceList: z.array(z.string()) });

const readPrice = (who: string, answer: unknown): number => {
  const { data } = priceList.safeParse(answer);
  const [first] = data?.PriceList ?? [];
  const { data: priced } = product.safeParse(parseLoosely(first ?? ''));
  const [term] = Object.values(priced?.terms.OnDemand ?? {});
  const [dimension] = Object.values(term?.priceDimensions ?? {});
  if (!dimension) throw new LinkError('unavailable', `${who} has no price for the instance type in the region.`);
  return dimension.pricePerUnit.USD;
};

const match = (Field: string, Value: string) => ({ Type: 'TERM_MATCH', Field, Value });

const priceQuestion = (link: GatewayLink): string =>
  JSON.stringify({
    ServiceCode: 'AmazonSageMaker',
    FormatVersion: 'aws_v1',
    Filters: [
      match('regionCode', link.region),
      match('instanceName', link.instanceType),
      match('component', 'Hosting'),
      match('productFamily', 'ML Instance'),
    ],
  });

const priceHead = (link: GatewayLink): RequestHead => ({
  method: 'POST',
  url: `${link.priceEndpoint}/`,
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSPriceListService.GetProducts' },
});

const invocationHead = (link: GatewayLink): RequestHead => ({
  method: 'POST',
  url: `${link.endpoint}/endpoints/${link.endpointName}/invocations`,
  headers: {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(link.variant === undefined ? {} : { 'x-amzn-sagemaker-target-variant': link.variant }),
  },
});

/** Amazon SageMaker runtime, each request signed with the access key itself: AWS has no tokens to get first. */
export const authorizeAws: Authorize = async (credential, _link, _signal, clock): Promise<Access> => {
  if (credential.provider !== 'aws')
    throw new LinkError('credential', `A credential of ${credential.provider} does not open aws.`);
  const invocations = new WeakMap<GatewayLink, SignBody>();
  const invocationOf = (link: GatewayLink): SignBody => {
    const known = invocations.get(link);
    if (known) return known;
    const sign = createAwsSigner(credential, 'sagemaker', link.region, clock.nowMs).forHead(invocationHead(link));
    invocations.set(link, sign);
    return sign;
  };
  const pricing = createAwsSigner(credential, 'pricing', PRICING_REGION, clock.nowMs);

  return {
    fingerprint: `${credential.accessKeyId} ${credential.sessionToken ?? ''} ${clock.offsetMs}`,
    expiresAtMs: credential.expiresAtMs ?? null,
    async predict(link: GatewayLink, rows: Rows, signal: AbortSignal) {
      const request = await invocationOf(link)(JSON.stringify({ instances: rows }));
      const answer = await send(link.id, request, signal);
      const { predictions } = (readJson(link.id, answer, kindOf) ?? {}) as { readonly predictions?: unknown };
      return readPredictions(link.id, predictions, rows.length);
    },
    async priceUsdPerHour(link, signal) {
      const who = 'The AWS price list';
      const answer = await send(who, await pricing.forHead(priceHead(link))(priceQuestion(link)), signal);
      return readPrice(who, readJson(who, answer, kindOf));
    },
  };
};
