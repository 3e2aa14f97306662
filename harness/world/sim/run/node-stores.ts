import type { NodeStores } from '../../../serving/nodes/stores.ts';

/** Stores in memory, which outlive the simulated process: one object a node. */
export const createNodeStores = (): NodeStores => ({});
