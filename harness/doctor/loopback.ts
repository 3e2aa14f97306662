import { mount } from '../world/live/mount.ts';
import type { DoctorCheck } from './check.ts';

export const loopbackCheck: DoctorCheck = {
  name: 'Loopback sockets',
  async run() {
    try {
      const server = await mount(async () => new Response('here'));
      try {
        const text = await (await fetch(server.origin)).text();
        if (text !== 'here') throw new Error(`another program answered on ${server.origin}`);
      } finally {
        await server.close();
      }
      return { status: 'ok', detail: '127.0.0.1 listens and answers' };
    } catch (error) {
      return {
        status: 'failed',
        detail: `127.0.0.1 can't be used: ${error instanceof Error ? error.message : error}`,
        remedy: 'Allow this program to listen on the loopback interface (sandbox or firewall rules).',
      };
    }
  },
};
