import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { AzureKeyCredential, TextAnalysisClient } from '@azure/ai-language-text';
import { ComputeManagementClient, type VirtualMachine } from '@azure/arm-compute';
import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelinePolicy,
  RestError,
} from '@azure/core-rest-pipeline';
import { ClientSecretCredential } from '@azure/identity';
import { CryptographyClient, KeyClient } from '@azure/keyvault-keys';
import { packageRoot } from '../../harness/package-root.ts';
import { type Mounted, mount } from '../../harness/world/live/mount.ts';
import type { AzureAccount } from '../../mocks/azure/account.ts';
import { azureCloud } from '../../mocks/azure/cloud.ts';
import { GLOBAL, openCloud } from '../../mocks/cloud/cloud.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';
import { createLocalCa } from './local-ca.ts';
import { stubModels } from './model.ts';

export const EAST = 'eastus';
export const WEST_EUROPE = 'westeurope';

/** What is needed to reach Azure's services. */
export interface AzureAddress {
  readonly originOf: (service: string, region: string) => string;
  readonly caCertPem: string;
  readonly credential: Readonly<Record<string, string>>;
}

/** The SDK repeats requests by itself; a test of an error shape wants the first answer. */
export const clientOptions = ({ caCertPem }: Pick<AzureAddress, 'caCertPem'>) => ({
  retryOptions: { maxRetries: 0 },
  tlsOptions: { ca: caCertPem },
});

/** Azure's own credential, unmodified. */
export const signIn = (address: AzureAddress): ClientSecretCredential => {
  const { tenantId = '', clientId = '', clientSecret = '' } = address.credential;
  return new ClientSecretCredential(tenantId, clientId, clientSecret, {
    ...clientOptions(address),
    authorityHost: address.originOf('entra', GLOBAL),
    disableInstanceDiscovery: true,
  });
};

/** A credential whose tokens have one character of their signature changed. */
export const signInForged = (address: AzureAddress) => {
  const credential = signIn(address);
  return {
    async getToken(scope: string | string[]) {
      const { token, expiresOnTimestamp } = await credential.getToken(scope);
      const at = token.lastIndexOf('.') + 1;
      return { token: `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`, expiresOnTimestamp };
    },
  };
};

/** @param credential signs in as the account's application where left out */
export const computeClient = (address: AzureAddress, region: string, credential = signIn(address) as TokenSource) =>
  new ComputeManagementClient(credential, address.credential.subscriptionId ?? '', {
    ...clientOptions(address),
    endpoint: address.originOf('compute', region),
  });

export const machineLearningClient = (address: AzureAddress, region: string, credential = signIn(address) as TokenSource) =>
  new AzureMachineLearningWorkspaces(credential, address.credential.subscriptionId ?? '', {
    ...clientOptions(address),
    endpoint: address.originOf('machine-learning', region),
    // Else the SDK asks for tokens for the endpoint itself, which is no resource that Entra knows.
    credentialScopes: 'https://management.azure.com/.default',
  });

type TokenSource = Pick<ClientSecretCredential, 'getToken'> | ReturnType<typeof signInForged>;

/** A virtual machine to be created. */
export const machineIn = (location: string, changes: Partial<VirtualMachine> = {}): VirtualMachine => ({
  location,
  hardwareProfile: { vmSize: 'Standard_D2s_v3' },
  storageProfile: {
    imageReference: { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' },
    osDisk: { createOption: 'FromImage' },
  },
  osProfile: { computerName: 'worker', adminUsername: 'azureuser', adminPassword: 'Correct-horse-7' },
  networkProfile: {
    networkInterfaces: [{ id: '/subscriptions/s/resourceGroups/squall/providers/Microsoft.Network/networkInterfaces/nic' }],
  },
  ...changes,
});

/** What a failed call shows. */
export const errorOf = (error: unknown): { readonly code: string; readonly status: number; readonly message: string } => {
  const { code, statusCode, message } = error as { code?: string; statusCode?: number; message: string };
  return { code: code ?? `${statusCode}`, status: statusCode ?? 0, message };
};

/** What a call that must fail throws. */
export const refusalOf = async (call: Promise<unknown>) => {
  const outcome = await call.then(
    () => new Error('the call was answered'),
    (error: unknown) => error,
  );
  return errorOf(outcome);
};

/** The cloud on loopback sockets, over TLS where its SDKs insist, each endpoint with an origin of its own. */
export const mountAzureCloud = async (models: ModelRuntime = stubModels) => {
  const cloud = await openCloud(azureCloud, { models });
  const ca = await createLocalCa();
  const tls = await ca.issue(['localhost', '127.0.0.1']);
  const mounted = new Map<string, Mounted>();
  for (const { spec, region, fetch } of cloud.endpoints) {
    mounted.set(`${region}/${spec.service}`, await mount(fetch, spec.needsTls ? { tls } : {}));
  }
  const account = cloud.account as AzureAccount;
  return {
    cloud,
    account,
    caCertPem: ca.caCertPem,
    get credential() {
      return account.credential;
    },
    originOf(service: string, region: string): string {
      const found = mounted.get(`${region}/${service}`);
      if (!found) throw new TypeError(`nothing mounted as ${region}/${service}`);
      return found.origin;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...mounted.values()].map(({ close }) => close()));
    },
  };
};

interface ScoreOptions {
  readonly rows: readonly (readonly number[])[];
  readonly deployment?: string;
}

/** Turns an answer that is no success into the error that Azure's generated clients throw. */
const throwOnFailure: PipelinePolicy = {
  name: 'throwOnFailure',
  async sendRequest(request, next) {
    const response = await next(request);
    if (response.status < 300) return response;
    throw new RestError(`answered ${response.status}`, { statusCode: response.status, request, response });
  },
};

/** Scores through Azure's own pipeline: there is no SDK for it. @param credential an Entra one, or the endpoint's key */
export const scoreWith = (address: AzureAddress, region: string, credential: TokenSource | string = signIn(address)) => {
  const pipeline = createPipelineFromOptions(clientOptions(address));
  pipeline.addPolicy(throwOnFailure);
  const isKey = typeof credential === 'string';
  if (!isKey) {
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: 'https://ml.azure.com/.default' }));
  }
  return ({ rows, deployment }: ScoreOptions) =>
    pipeline.sendRequest(
      createDefaultHttpClient(),
      createPipelineRequest({
        url: `${address.originOf('ml-online-endpoint', region)}/score`,
        method: 'POST',
        headers: createHttpHeaders({
          'content-type': 'application/json',
          ...(isKey ? { authorization: `Bearer ${credential}` } : {}),
          ...(deployment ? { 'azureml-model-deployment': deployment } : {}),
        }),
        body: JSON.stringify({ input_data: rows }),
      }),
    );
};

/** @param credential an Entra one, or the key of the account's AI services */
export const languageClient = (address: AzureAddress, region: string, credential: TokenSource | string = signIn(address)) => {
  const endpoint = address.originOf('language', region);
  return typeof credential === 'string'
    ? new TextAnalysisClient(endpoint, new AzureKeyCredential(credential), clientOptions(address))
    : new TextAnalysisClient(endpoint, credential, clientOptions(address));
};

/** CommonJS, whose default export Node and bundlers find in different places. */
const { default: createImageAnalysisClient, isUnexpected } = createRequire(import.meta.url)(
  '@azure-rest/ai-vision-image-analysis',
) as typeof import('@azure-rest/ai-vision-image-analysis');

/** As `languageClient`. The SDK gives answers of any status back; a refusal is thrown as its other clients do. */
export const imageAnalyzer = (address: AzureAddress, region: string, credential: TokenSource | string = signIn(address)) => {
  const client = createImageAnalysisClient(
    address.originOf('vision', region),
    typeof credential === 'string' ? new AzureKeyCredential(credential) : credential,
    clientOptions(address),
  );
  return async (body: Uint8Array, features: string[] = ['tags']) => {
    const response = await client
      .path('/imageanalysis:analyze')
      .post({ body, contentType: 'application/octet-stream', queryParameters: { features } });
    if (!isUnexpected(response)) return response.body;
    const { code, message } = response.body.error;
    throw new RestError(message, { code, statusCode: Number(response.status), request: response.request });
  };
};

/** Vaults stand on the loopback here, where no vault's name ends. */
const vaultOptions = (address: AzureAddress) => ({ ...clientOptions(address), disableChallengeResourceVerification: true });

/** Keys of a region's vault. @param credential signs in as the account's application where left out */
export const keysClient = (address: AzureAddress, region: string, credential: TokenSource = signIn(address)) =>
  new KeyClient(address.originOf('key-vault', region), credential as ClientSecretCredential, vaultOptions(address));

/** What a key of a region's vault encrypts and wraps. @param key its name, or its id */
export const keyCryptography = (address: AzureAddress, region: string, key: string, credential: TokenSource = signIn(address)) =>
  new CryptographyClient(
    key.includes('/') ? key : `${address.originOf('key-vault', region)}/keys/${key}`,
    credential as ClientSecretCredential,
    vaultOptions(address),
  );

/** A sample picture of a digit. */
export const digitImage = async (name = '4-1'): Promise<Uint8Array> =>
  Uint8Array.from(await readFile(join(packageRoot, 'mocks/models/vision/samples', `${name}.png`)));
