/** Entra's public instance, whose names any mount answers for. */
const PUBLIC_HOSTS = ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'];

/**
 * The discovery document. Endpoints are at the origin that was asked, so that a client stays with the emulator; the issuer is
 * Entra's own, as in the tokens, which MSAL accepts under any authority.
 * @param origin e.g. `https://127.0.0.1:20443`
 */
export const openIdDocument = (version: '1.0' | '2.0', tenantId: string, origin: string) => {
  const tenant = `${origin}/${tenantId}`;
  const v2 = version === '2.0' ? '/v2.0' : '';
  return {
    token_endpoint: `${tenant}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${tenant}/discovery${v2}/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: v2 ? `https://login.microsoftonline.com/${tenantId}/v2.0` : `https://sts.windows.net/${tenantId}/`,
    request_uri_parameter_supported: false,
    authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
    end_session_endpoint: `${tenant}/oauth2/v2.0/logout`,
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'tid', 'ver'],
    tenant_region_scope: 'NA',
    cloud_instance_name: 'microsoftonline.com',
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: 'graph.microsoft.com',
    rbac_url: 'https://pas.windows.net',
  };
};

/**
 * What instance discovery knows of the authority that a client asks for: the public instance, and the mount itself.
 * @returns null for any other host
 */
export const instanceDocument = (authorizationEndpoint: string, asked: URL) => {
  const authority = URL.parse(authorizationEndpoint);
  if (!authority || ![...PUBLIC_HOSTS, asked.host].includes(authority.host)) return null;
  const tenant = authority.pathname.split('/')[1] ?? 'common';
  const isPublic = PUBLIC_HOSTS.includes(authority.host);
  return {
    tenant_discovery_endpoint: `${authority.origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [
      {
        preferred_network: isPublic ? PUBLIC_HOSTS[0] : authority.host,
        preferred_cache: isPublic ? PUBLIC_HOSTS[1] : authority.host,
        aliases: isPublic ? PUBLIC_HOSTS : [authority.host],
      },
    ],
  };
};
