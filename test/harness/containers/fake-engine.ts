import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { labels } from '../../../harness/containers/owner.ts';

interface Thing {
  readonly Id: string;
  readonly Labels: Readonly<Record<string, string>>;
}

/** As much of an engine's API as removing takes. */
export const startFakeEngine = async () => {
  let containers: Thing[] = [];
  let networks: Thing[] = [];
  let images: Thing[] = [];
  const builtOn = new Set<string>();
  let isBroken = false;
  const server = createServer(({ method, url }, response) => {
    const { pathname, searchParams } = new URL(url!, 'http://engine');
    const json = (status: number, body: unknown) => {
      response.statusCode = status;
      response.end(JSON.stringify(body));
    };
    if (isBroken) return json(500, { message: 'broken' });
    if (method === 'DELETE') {
      const id = pathname.split('/').at(-1);
      // As an engine does: a network that a container is on stays.
      if (pathname.startsWith('/images/')) {
        if (builtOn.has(id!)) return json(409, { message: 'image has dependent child images' });
        images = images.filter(({ Id }) => Id !== id);
        return json(200, [{ Deleted: id }]);
      }
      const network = networks.find(({ Id }) => Id === id);
      const isOn = ({ Labels }: Thing) => Labels[labels.run] === network?.Labels[labels.run];
      if (pathname.startsWith('/networks/') && containers.some(isOn))
        return json(403, { message: 'network has active endpoints' });
      containers = containers.filter(({ Id }) => Id !== id);
      networks = networks.filter(({ Id }) => Id !== id);
      return response.writeHead(204).end();
    }
    const { label } = JSON.parse(searchParams.get('filters')!) as { label: string[] };
    const [key, value] = label[0]!.split('=');
    const bears = ({ Labels }: Thing) => (value === undefined ? key! in Labels : Labels[key!] === value);
    json(200, (pathname === '/networks' ? networks : pathname === '/images/json' ? images : containers).filter(bears));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    addContainer: (Id: string, Labels: Readonly<Record<string, string>>) => void containers.push({ Id, Labels }),
    addNetwork: (Id: string, Labels: Readonly<Record<string, string>>) => void networks.push({ Id, Labels }),
    addImage: (Id: string, Labels: Readonly<Record<string, string>>) => void images.push({ Id, Labels }),
    /** Somebody has an image of their own on top of it: it can't be removed. */
    buildOn: (Id: string) => void builtOn.add(Id),
    ids: () => [...containers, ...networks, ...images].map(({ Id }) => Id),
    break: () => {
      isBroken = true;
    },
    close: () => new Promise((resolve) => void server.close(resolve)),
    runLabel: (runId: string) => `${labels.run}=${runId}`,
  };
};
