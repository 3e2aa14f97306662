import type { ProviderName } from '../../../../mocks/emulator.ts';
import { providers } from '../../../../mocks/providers.ts';
import { hostOf } from '../../../names/host.ts';
import { type AnyLink, isNode } from '../../../topology/link.ts';
import { speaksHttp } from '../../../topology/secured-links.ts';

/**
 * Origin of a link in the simulated network, e.g. `http://sagemaker-runtime.us-east-1.aws.test`; https where its service needs TLS.
 * @param isSecured the design speaks TLS with all
 */
export const originOf = (link: AnyLink, isSecured = false): string => {
  if (isSecured && speaksHttp(link)) return `https://${hostOf(link)}`;
  if (isNode(link)) return `http://${hostOf(link)}`;
  const service = providers[link.provider].services.find((one) => one.service === link.service);
  return `${service?.needsTls ? 'https' : 'http'}://${hostOf(link)}`;
};

/**
 * The services' true host names, so that a handler that has them written down reaches the emulators. Sources: AWS general reference, endpoints;
 * Vertex AI and Cloud Billing REST references; Azure Machine Learning, Entra and Retail Prices references; read November 2026.
 */
const TRUE_HOSTS: Readonly<Record<`${ProviderName | 'stack'}/${string}`, (region: string) => readonly string[]>> = {
  'aws/sagemaker-runtime': (region) => [`runtime.sagemaker.${region}.amazonaws.com`],
  'aws/pricing': () => ['api.pricing.us-east-1.amazonaws.com'],
  'google/aiplatform': (region) => [`${region}-aiplatform.googleapis.com`],
  'google/oauth2': () => ['oauth2.googleapis.com'],
  'google/cloudbilling': () => ['cloudbilling.googleapis.com'],
  'azure/ml-online-endpoint': (region) => [`squall.${region}.inference.ml.azure.com`],
  'azure/entra': () => ['login.microsoftonline.com'],
  'azure/retail-prices': () => ['prices.azure.com'],
};

/** Every origin that leads to a link. */
export const originsOf = (link: AnyLink): readonly string[] => [
  ...new Set([originOf(link), originOf(link, true)]),
  ...(TRUE_HOSTS[`${link.provider}/${link.service}`]?.(link.region) ?? []).map((host) => `https://${host}`),
];
