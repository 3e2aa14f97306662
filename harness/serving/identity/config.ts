import type { IssuerConfig } from '../../../mocks/identity/directory.ts';

/** How the stack knows who calls. Plain data. Contains secrets. */
export interface IdentityConfig {
  /** What `iss` of a token has to be. */
  readonly issuer: string;
  /** Origin at which the stack reaches the issuer. */
  readonly endpoint: string;
  /** What `aud` of a token has to be: the stack's own name. */
  readonly audience: string;
  /** The same of tokens that parts of the stack show each other. */
  readonly internalAudience: string;
  /** What the stack asks the issuer with. */
  readonly client: { readonly id: string; readonly secret: string };
  /** Of the issuer itself, where it is a node of the stack: nobody else is told. */
  readonly directory?: IssuerConfig;
}

/** A configuration as everybody but the issuer is told it. */
export const withoutDirectory = <Config extends { readonly identity?: IdentityConfig }>(config: Config): Config => {
  if (!config.identity?.directory) return config;
  const { directory: _, ...identity } = config.identity;
  return { ...config, identity };
};
