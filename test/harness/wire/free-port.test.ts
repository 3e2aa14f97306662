import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from '../../../harness/wire/free-port.ts';
import { readEphemeralStart, wirePortRange } from '../../../harness/wire/ports.ts';

it('is where nobody listens, out of the range that outgoing connections are given', async () => {
  const { lowest, highest } = wirePortRange(readEphemeralStart());
  const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
  for (const port of ports) expect(port >= lowest && port <= highest).toBe(true);
});

it('is the one that is asked for, or is refused', async () => {
  const port = await freePort();
  expect(await freePort(port)).toBe(port);
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve));
  await expect(freePort(port)).rejects.toMatchObject({ code: 'PORT_IN_USE' });
  holder.close();
});
