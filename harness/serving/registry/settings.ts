import { sha256Hex } from '../../../mocks/shared/sha256.ts';
import type { NodeAddress, NodeConfig } from '../nodes/node.ts';
import type { RegistryAddress } from './peers.ts';

/** What nodes of the registry are told of the scenario; plain data. */
export interface RegistrySettings {
  /** Model and alias that a blank registry begins with, that publishers move on and that readers resolve. */
  readonly model: string;
  readonly alias: string;
}

/** What a client that stands beside a gateway is told. */
export interface RegistryClientSettings extends RegistrySettings {
  /** From one new version to the next, milliseconds; null publishes none. */
  readonly publishEveryMs: number | null;
  /** From one read to the next, milliseconds; null reads none. */
  readonly readEveryMs: number | null;
}

/** The model that the stack runs itself, and which version of it: what publishers move on, and the gateway follows. */
export const LOCAL_MODEL = { model: 'digits-small', alias: 'production' } as const;

/** Kinds of nodes that a registry consists of. */
export const REGISTRY = 'registry';
export const BACKUP = 'backup';

/** The replicas among a stack's nodes, in the order in which they stand for leader. */
export const registryNodes = (nodes: readonly NodeAddress[] = []): readonly RegistryAddress[] =>
  nodes.filter(({ kind }) => kind === REGISTRY).map(({ region, origin }) => ({ region, origin }));

/** The same for the gateway, the nearest first. */
export const nearestToGateway = (nodes: readonly NodeAddress[] = []): readonly RegistryAddress[] =>
  registryNodes(nodes.toSorted((a, b) => a.rttMs - b.rttMs));

/** The same for a client in a region, the one of the region first. */
export const nearestFirst = (nodes: readonly NodeAddress[] | undefined, region: string): readonly RegistryAddress[] =>
  registryNodes(nodes).toSorted((a, b) => Number(b.region === region) - Number(a.region === region));

/** A bearer that every process of a stack can make, and nobody else: of a secret that all of them are given. */
export const registryToken = ({ stack }: Pick<NodeConfig, 'stack'>): string =>
  sha256Hex(`registry ${stack.links[0]?.secretStoreToken ?? ''}`);
