import type { FetchHandler, ProviderCredential } from '../emulator.ts';
import type { CredentialStore } from './credential-store.ts';

/**
 * The workload's secret store: `GET /credential` with the workload's bearer answers `{"credential": ...}`, 401 without it.
 * It is squall's own shape: what stands here in production differs from team to team.
 */
export const createSecretEndpoint =
  <Credential extends ProviderCredential>(store: CredentialStore<Credential>, secretStoreToken: string): FetchHandler =>
  async (request) => {
    if (request.headers.get('authorization') !== `Bearer ${secretStoreToken}`) {
      return Response.json({ error: 'The bearer token does not open this secret store.' }, { status: 401 });
    }
    if (request.method !== 'GET' || new URL(request.url).pathname !== '/credential') {
      return Response.json({ error: 'No such secret; GET /credential is served here.' }, { status: 404 });
    }
    return Response.json({ credential: store.published });
  };
