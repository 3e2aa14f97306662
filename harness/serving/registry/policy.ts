import type { Design } from '../design/policies.ts';

/** How the registry keeps its replicas, and how it is read: design/policies/registry.ts has the settings. */
export type RegistryPolicy = Design['registry'];
