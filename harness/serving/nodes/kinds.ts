import { dataNode } from '../data/node.ts';
import { identityNode } from '../identity/node.ts';
import { queueNode } from '../queue/node.ts';
import { backupNode } from '../registry/backup-node.ts';
import { registryClientNode } from '../registry/client-node.ts';
import { registryNode } from '../registry/registry-node.ts';
import { streamNode } from '../stream/node.ts';
import { processorNode } from '../stream/processor-node.ts';
import { workerNode } from '../worker/node.ts';
import type { NodeKind } from './node.ts';

/** Every kind of node. A new one is a line here, and one in harness/topology/node-placements.ts, which says where it stands. */
export const nodeKinds: Readonly<Record<string, NodeKind>> = {
  identity: identityNode,
  queue: queueNode,
  worker: workerNode,
  stream: streamNode,
  processor: processorNode,
  registry: registryNode,
  backup: backupNode,
  'registry-client': registryClientNode,
  data: dataNode,
};
