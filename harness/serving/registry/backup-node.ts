import { readBytes } from '../../../mocks/shared/read-bytes.ts';
import type { NodeConfig, NodeDependencies, NodeInstance, NodeKind } from '../nodes/node.ts';
import { BACKUP, registryToken } from './settings.ts';

const PATH = /^\/objects\/([A-Za-z0-9-]{1,100})$/;
const OBJECT_LIMIT_BYTES = 64 * 1024 * 1024;

const create = (config: NodeConfig, { stores }: NodeDependencies): NodeInstance => {
  const store = stores.objects();
  const bearer = `Bearer ${registryToken(config)}`;

  return {
    start: async () => undefined,
    stop: () => undefined,
    async fetch(request) {
      if (request.headers.get('authorization') !== bearer) return new Response(null, { status: 401 });
      const { pathname } = new URL(request.url);
      if (request.method === 'GET' && pathname === '/objects') return Response.json(await store.list());
      const name = PATH.exec(pathname)?.[1];
      if (name === undefined) return new Response(null, { status: 404 });
      if (request.method === 'PUT') {
        const bytes = await readBytes(request, OBJECT_LIMIT_BYTES);
        if (bytes === null) return new Response(null, { status: 413 });
        await store.write(name, bytes);
        return new Response(null, { status: 204 });
      }
      if (request.method === 'DELETE') {
        await store.remove(name);
        return new Response(null, { status: 204 });
      }
      const bytes = request.method === 'GET' ? await store.read(name) : null;
      return bytes ? new Response(bytes as Uint8Array<ArrayBuffer>) : new Response(null, { status: 404 });
    },
  };
};

/** A store of objects that the registry keeps its backups in. */
export const backupNode: NodeKind = {
  kind: BACKUP,
  summary: 'The store of the backups of the model registry.',
  isService: true,
  create,
};
