import type { Design } from './config.ts';

/** Where one tenant's data may be, by ids of links. */
export interface ResidencyRule {
  /** In the data's own jurisdiction. */
  readonly home: readonly string[];
  /** Elsewhere, where a mechanism lets it go. */
  readonly byTransfer: readonly string[];
}

/** By tenant; who is not in it may go anywhere. */
export type ResidencyRules = Readonly<Record<string, ResidencyRule>>;

/** What a request's data is held to. */
export interface DataScope {
  /** Equal for requests that are held to the same: what is shared between requests is shared among these alone. */
  readonly key: string;
  /** Whether it may go by a link; left out: by any. */
  readonly permits?: (linkId: string) => boolean;
  /** Whether it goes by any link rather than not at all. */
  readonly isLax: boolean;
}

/** Goes anywhere. */
export const ANYWHERE: DataScope = { key: '', isLax: false };

/** What the data of a tenant is held to, by the policy of the design. */
export const createResidency = (policy: Design['residency'], rules: ResidencyRules = {}): ((tenant: string) => DataScope) => {
  if (policy === false) return () => ANYWHERE;
  const scopes = new Map(
    Object.entries(rules).map(([tenant, { home, byTransfer }]) => {
      const permitted = new Set(policy.transfers ? [...home, ...byTransfer] : home);
      // Tenants that are held to the same share what they have in common.
      const key = [...permitted].sort().join(' ') || 'nowhere';
      const scope: DataScope = { key, permits: (linkId) => permitted.has(linkId), isLax: policy.failover === 'anywhere' };
      return [tenant, scope] as const;
    }),
  );
  return (tenant) => scopes.get(tenant) ?? ANYWHERE;
};
