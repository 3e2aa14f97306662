import type { ContainerRuntimeClient } from 'testcontainers';

export type Testcontainers = typeof import('testcontainers');
/** A container as the engine's client knows it. */
export type EngineContainer = ReturnType<ContainerRuntimeClient['container']['getById']>;

/** Testcontainers takes a second to load: it is where a container is asked for, and nowhere else. */
export const loadTestcontainers = (): Promise<Testcontainers> => import('testcontainers');
