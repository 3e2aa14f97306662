import type { GatewayConfig } from '../config.ts';
import { createEnvelope, type Envelope } from './envelope.ts';
import type { Binding } from './header.ts';
import { keyServices } from './key-services.ts';

/** Name of the stack's key at each key service. */
const KEY_NAME = 'squall';

/** What a process of the stack seals and opens by; null where the design encrypts nothing, or the scenario has no key service. */
export const envelopeOf = ({ design, keys = [] }: Pick<GatewayConfig, 'design' | 'keys'>): Envelope | null => {
  const { encryption } = design;
  if (!encryption) return null;
  const { cloud, cacheMs, usesPerKey, keyVersion } = encryption;
  const link = keys.find(({ provider }) => cloud === 'first' || cloud === provider);
  if (!link) return null;
  return createEnvelope(keyServices[link.provider](link, { keyName: KEY_NAME, keyVersion }), { cacheMs, usesPerKey });
};

/** What a version of a model is bound to. */
export const bindingOfModel = (model: string, version: number): Binding => ({
  name: `model ${model}`,
  version: String(version),
  tenant: '',
});
