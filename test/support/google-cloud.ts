import { type AuthClient, GoogleAuth, JWT } from 'google-auth-library';
import { mount } from '../../harness/world/live/mount.ts';
import { openCloud } from '../../mocks/cloud/cloud.ts';
import { google } from '../../mocks/google/cloud.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';
import type { Credential } from '../conformance/case.ts';
import { createTransporter } from './google.ts';
import { stubModels } from './model.ts';

export const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';

/** The whole cloud on loopback sockets, each endpoint with an origin of its own. */
export const mountGoogleCloud = async (models: ModelRuntime = stubModels) => {
  const cloud = await openCloud(google, { models });
  const mounted = await Promise.all(cloud.endpoints.map(async (endpoint) => ({ endpoint, ...(await mount(endpoint.fetch)) })));
  const find = (service: string, region = 'global') => {
    const found = mounted.find(({ endpoint }) => endpoint.spec.service === service && endpoint.region === region);
    if (!found) throw new TypeError(`nothing mounted as ${region}/${service}`);
    return found;
  };
  const close = async () => void (await Promise.all(mounted.map((one) => one.close())));
  return {
    cloud,
    account: cloud.account,
    get credential(): Credential {
      return cloud.account.credential;
    },
    get projectId(): string {
      return String(cloud.account.credential.projectId);
    },
    origin: (service: string, region?: string) => find(service, region).origin,
    fetch: (service: string, region?: string) => find(service, region).endpoint.fetch,
    close,
    [Symbol.asyncDispose]: close,
  };
};

/** A service account's own client, by the parts of the account's credential. */
const jwtOf = ({ clientEmail, privateKeyPem, privateKeyId }: Credential): JWT =>
  new JWT({ email: String(clientEmail), key: String(privateKeyPem), keyId: String(privateKeyId), scopes: [CLOUD_PLATFORM] });

/** What a client of a Google API makes of a key file: it signs its own tokens. */
export const authOf = (credential: Credential): GoogleAuth => {
  const jwt = jwtOf(credential);
  jwt.useJWTAccessWithScope = true;
  return new GoogleAuth({ authClient: jwt as AuthClient });
};

/** The same, which exchanges a signed assertion for an access token. @param tokenOrigin origin of the emulated oauth2 service */
export const exchangingJwt = (credential: Credential, tokenOrigin: string): JWT => {
  const jwt = jwtOf(credential);
  jwt.transporter = createTransporter(tokenOrigin);
  jwt.useJWTAccessWithScope = false;
  return jwt;
};

/** Options of any of Google's clients that point it at an origin, over REST, with a key of the account. */
export const clientOptions = (origin: string, credential: Credential) => {
  const { hostname, port } = new URL(origin);
  return {
    auth: authOf(credential) as never,
    projectId: String(credential.projectId),
    apiEndpoint: hostname,
    port: Number(port),
    protocol: 'http',
    fallback: 'rest' as never,
  };
};

/** A call without retries. */
export const ONCE = { retry: null as never };
