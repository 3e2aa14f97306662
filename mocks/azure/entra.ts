import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { FetchHandler } from '../emulator.ts';
import { instanceDocument, openIdDocument } from './discovery.ts';
import { EntraRefusal, refusalResponse } from './entra-errors.ts';
import type { AppRegistration } from './registration.ts';
import { grantToken, readForm } from './token-request.ts';
import type { TokenAuthority } from './tokens.ts';

/** A token request is a short form; a client assertion is the longest thing in it. */
const FORM_LIMIT_BYTES = 64 * 1024;

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i;
/** Authorities for people of many tenants: an application has to name its own. */
const SHARED_AUTHORITIES = ['common', 'organizations', 'consumers'];

/** @throws {EntraRefusal} for any tenant but the application's own */
const checkTenant = (tenant: string, app: AppRegistration): void => {
  if (tenant.toLowerCase() === app.tenantId) return;
  if (SHARED_AUTHORITIES.includes(tenant)) throw new EntraRefusal('no-tenant');
  throw new EntraRefusal(GUID.test(tenant) || DOMAIN.test(tenant) ? 'unknown-tenant' : 'malformed-tenant', tenant);
};

/** Microsoft Entra ID of one tenant: token endpoint, OpenID discovery, signing keys, instance discovery. */
export const createEntra = (app: AppRegistration, authority: TokenAuthority): FetchHandler => {
  const router = new Hono();

  router.use(async (c, next) => {
    await next();
    c.header('cache-control', 'no-store, no-cache');
    c.header('pragma', 'no-cache');
  });

  router.onError((error, c) => {
    if (!(error instanceof EntraRefusal)) throw error;
    return refusalResponse(error, c.req.header('client-request-id'));
  });

  router.get('/common/discovery/instance', (c) => {
    const document = instanceDocument(c.req.query('authorization_endpoint') ?? '', new URL(c.req.url));
    if (!document) throw new EntraRefusal('unknown-instance');
    return c.json(document);
  });

  for (const version of ['1.0', '2.0'] as const) {
    const prefix = version === '2.0' ? '/v2.0' : '';
    router.get(`/:tenant${prefix}/.well-known/openid-configuration`, (c) => {
      try {
        checkTenant(c.req.param('tenant'), app);
      } catch (error) {
        // Here, unlike at the token endpoint, the OAuth name of a tenant error is `invalid_tenant`.
        if (error instanceof EntraRefusal) return refusalResponse(error, undefined, 'invalid_tenant');
        throw error;
      }
      return c.json(openIdDocument(version, app.tenantId, new URL(c.req.url).origin));
    });
    // One key for every tenant: real Entra's are not secret, nor is `common` refused here.
    router.get(`/:tenant/discovery${prefix}/keys`, (c) => c.json({ keys: [authority.publicJwk] }));
  }

  router.post(
    '/:tenant/oauth2/v2.0/token',
    bodyLimit({ maxSize: FORM_LIMIT_BYTES, onError: (c) => c.text('Payload Too Large', 413) }),
    async (c) => {
      const form = await readForm(c.req.raw);
      const correlationId = form.get('client-request-id') ?? c.req.header('client-request-id');
      try {
        checkTenant(c.req.param('tenant'), app);
        return c.json(await grantToken(form, c.req.header('authorization') ?? null, app, authority));
      } catch (error) {
        if (error instanceof EntraRefusal) return refusalResponse(error, correlationId);
        throw error;
      }
    },
  );

  return async (request) => router.fetch(request);
};
