import type { NodeStores } from '../../serving/nodes/stores.ts';

/** Stores on disk. @param _folder where one node's lie; it is there */
export const createNodeStores = (_folder: string): NodeStores => ({});
