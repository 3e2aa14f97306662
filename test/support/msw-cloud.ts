import { setupServer } from 'msw/node';
import { type SetupCloudOptions, setupCloud } from '../../integrations/msw/index.ts';
import type { CloudName } from '../../mocks/cloud/service.ts';

/** Clouds behind msw, which lets nothing else out. */
export const listenToCloud = async <const Name extends CloudName>(options: SetupCloudOptions<Name>) => {
  const cloud = await setupCloud(options);
  const server = setupServer(...cloud.handlers);
  server.listen({ onUnhandledRequest: 'error' });
  return Object.assign(cloud, { server, [Symbol.dispose]: () => server.close() });
};

/** What a call was refused with. */
export const refusalOf = async (call: Promise<unknown>): Promise<Error & { readonly code?: string }> => {
  const outcome = await call.then(
    () => new Error('the call was answered'),
    (error: unknown) => error,
  );
  return outcome as Error;
};
