/**
 * squall's TCP proxy in a process of its own: `squall-proxy.ts <upstream port> [<type> <stream> <attributes as JSON>]`. Says its port to the
 * parent, and takes toxics from it as the argument does.
 */
import { createAlarms } from '../../harness/wire/tcp/alarms.ts';
import { createTcpProxy, dialTo } from '../../harness/wire/tcp/tcp-proxy.ts';
import { toxicKinds } from '../../harness/wire/toxics/index.ts';
import type { Stream } from '../../harness/wire/toxics/toxic.ts';

/** A toxic, or none. */
export type ToxicMessage = { readonly type: string; readonly stream: Stream; readonly attributes: object } | null;

const host = '127.0.0.1';
const proxy = await createTcpProxy({
  listen: { host, port: 0 },
  dial: dialTo({ host, port: Number(process.argv[2]) }),
  seed: 1,
  alarms: createAlarms(),
});
process.on('message', (message: ToxicMessage) => {
  const kind = message && toxicKinds.get(message.type);
  proxy.setToxics(
    message && kind
      ? [{ name: 'bench', kind, stream: message.stream, toxicity: 1, attributes: kind.attributes.parse(message.attributes) }]
      : [],
  );
  process.send!('set');
});
process.on('disconnect', () => process.exit());
process.send!(proxy.address.port);
