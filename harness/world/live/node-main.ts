import type { FetchHandler } from '../../../mocks/emulator.ts';
import { installResolver } from '../../names/resolver.ts';
import { nodeKinds } from '../../serving/nodes/kinds.ts';
import type { NodeInstance } from '../../serving/nodes/node.ts';
import { serverTls } from '../../tls/own-identity.ts';
import { brokerConnector } from './brokers/connect-broker.ts';
import { runChild } from './child-main.ts';
import { mount } from './mount.ts';
import type { FromNode, ToNode } from './node-process.ts';
import { createNodeStores } from './node-stores.ts';
import { createOnnxRuntime } from './onnx-runtime.ts';
import { removeOwnFolder } from './remove-own-folder.ts';

/** Entry of the process of a stack's node. */
let listen: Extract<ToNode, { type: 'listen' }> | undefined;
let node: NodeInstance | undefined;

const notYet: FetchHandler = async () => Response.json({ error: 'The node is starting.' }, { status: 503 });
let handler = notYet;

const setNames = installResolver();

// Whatever ends squall, nothing is left behind; a node that is killed by a fault keeps what it has, and nothing here runs then.
process.once('exit', () => {
  if (!process.connected && listen) removeOwnFolder(listen.folder);
});

runChild<ToNode, FromNode>(async (message, send) => {
  if (message.type === 'names') {
    setNames(message.table);
    return;
  }
  if (message.type === 'listen') {
    listen = message;
    const { origin, port } = nodeKinds[message.kind]!.isService
      ? await mount((request) => handler(request), { port: message.port, identity: serverTls() })
      : { origin: '', port: 0 };
    send({ type: 'listening', origin, port });
    return;
  }
  if (message.type === 'start') {
    const { config } = message;
    const kind = nodeKinds[config.kind]!;
    node = await kind.create(config, {
      models: await createOnnxRuntime([config.stack.model, 'digits-small']),
      stores: createNodeStores(listen!.folder),
      connectBroker: brokerConnector(listen!.folder),
      fetch: globalThis.fetch,
      onEvent: (text) => send({ type: 'event', text }),
      onRecord: (record) => send({ type: 'record', record }),
    });
    await node.start();
    handler = node.fetch ?? notYet;
    send({ type: 'ready' });
    return;
  }
  const { id } = message;
  try {
    if (message.type === 'command') {
      if (!node?.command) throw new TypeError('it takes no commands');
      await node.command(message.command);
      send({ type: 'done', id });
    } else send({ type: 'done', id, audit: await node?.audit?.() });
  } catch (error) {
    send({ type: 'refused', id, text: error instanceof Error ? error.message : String(error) });
  }
});
