import type { CloudAccount, CloudCommand, CloudDefinition } from '../../mocks/cloud/cloud.ts';
import type { CloudService } from '../../mocks/cloud/service.ts';

const SECRETS = { key: 'test-key' };

const bell: CloudService<CloudAccount> = {
  spec: {
    cloud: 'ibm',
    service: 'bell',
    title: 'Bell',
    layer: 'SaaS',
    isRegional: true,
    needsTls: false,
    hosts: (region) => [`bell.${region}.test`],
    auth: ['none'],
    sdk: null,
    operations: [{ name: 'Ring', request: 'GET /' }],
    quota: { requestsPerS: null, source: 'this file' },
    errors: { unavailable: { status: 503, code: 'missing' }, 'missing-permission': { status: 403, code: 'silence' } },
    source: 'this file',
  },
  create: (_account, region) => async () => new Response(`ding ${region}`),
  failure: () => new Response('the clapper is missing', { status: 503 }),
};

/** A cloud of one service that rings, and the commands that its account is given: for tests of what stands around clouds. */
export const createBellCloud = () => {
  const commands: CloudCommand[] = [];
  const definition: CloudDefinition = {
    cloud: 'ibm',
    title: 'Bells',
    regions: ['north', 'south'],
    services: [bell],
    open: async () => ({
      credential: SECRETS,
      async control(command) {
        if (command.type === 'set-price-multiplier') throw new TypeError('a bell has no price');
        commands.push(command);
      },
    }),
    environment: ({ credential }, originOf) => ({ BELL_KEY: credential.key ?? '', BELL_URL: originOf('bell', 'north') }),
  };
  return { definition, commands };
};
