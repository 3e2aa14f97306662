import { connect } from 'node:net';
import type { Address } from './listener.ts';

/** Docker's proxy takes a connection to a published port before it knows whether anybody listens inside, and closes it at once when nobody does. */
const STAYS_MS = 150;
/** How long the connection may take to be made. */
const LOOK_MS = 2_000;

/** Whether a connection is taken there, and stays, or says something: somebody serves. */
export const connectionStays = ({ host, port }: Address): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (isServing: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isServing);
    };
    let timer = setTimeout(() => finish(false), LOOK_MS);
    socket.once('connect', () => {
      clearTimeout(timer);
      timer = setTimeout(() => finish(true), STAYS_MS);
    });
    socket.once('data', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
  });
