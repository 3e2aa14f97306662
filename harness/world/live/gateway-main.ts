import { installResolver } from '../../names/resolver.ts';
import { runChild } from './child-main.ts';
import { hostGateway } from './host-gateway.ts';
import type { FromGateway, ToGateway } from './protocol.ts';

/** Entry of the gateway's process in a run: the reference serving stack on a port for HTTP and one for gRPC. */
const setNames = installResolver();

runChild<ToGateway, FromGateway>(async (message, send) => {
  if (message.type === 'names') {
    setNames(message.table);
    return;
  }
  const { config, ports } = message;
  const { doors } = await hostGateway({ config, ports, onEvent: (text) => send({ type: 'event', text }) });
  send({ type: 'ready', doors });
});
