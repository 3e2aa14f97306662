import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWire } from '../../harness/wire/wire.ts';
import { installLight } from '../../harness/world/fetch/install.ts';
import { batchPredictions } from '../../harness/world/live/batch-predictions.ts';
import { mount } from '../../harness/world/live/mount.ts';
import { createOnnxRuntime } from '../../harness/world/live/onnx-runtime.ts';
import type { ProviderCredential } from '../../mocks/emulator.ts';
import { ENDPOINT, REGION } from './request.ts';

const kind = process.argv[2] ?? '';
// As the processes of emulators do.
if (kind !== 'echo') installLight();
const { mintSession } = await import('../../mocks/aws/credential.ts');
const { aws } = await import('../../mocks/aws/provider.ts');

/** What a server's process tells: where it listens, and what requests must be signed with. */
export interface Serving {
  readonly origin: string;
  readonly credential: ProviderCredential;
}

/** No time is simulated: what is measured is the emulator's own work, the model's prediction included. */
const CAPACITY = { serviceTimeMs: 0, serviceTimeSigma: 0, concurrency: 256, queueLimit: 1024 };
const LINK = { id: `aws/${REGION}/sagemaker-runtime`, provider: 'aws', region: REGION, service: 'sagemaker-runtime' } as const;

const emulate = async (credential: ProviderCredential): Promise<string> => {
  const emulator = await aws.createEmulator(
    {
      provider: 'aws',
      regions: [{ region: REGION, capacity: CAPACITY, instanceUsdPerHour: 1, instanceType: 'ml.c5.2xlarge' }],
      credential,
      secretStoreToken: 'not used here',
      endpointName: ENDPOINT,
      model: 'digits',
    },
    { models: batchPredictions(await createOnnxRuntime(['digits'])) },
  );
  const { fetch } = emulator.endpoints.find(({ definition }) => definition.service === 'sagemaker-runtime')!;
  return (await mount(fetch)).origin;
};

const behindWire = async (credential: ProviderCredential): Promise<string> => {
  const upstreamOrigin = await emulate(credential);
  const link = { ...LINK, role: 'inference', rttMs: 0 } as const;
  const silent = () => undefined;
  const wire = await createWire({ links: [{ link, upstreamOrigin }], seed: 1, onEvent: silent, onBroken: silent });
  return wire.originOf(link.id);
};

/** The least that a Node server can do with a request: read it and send it back. */
const echo = (): Promise<string> =>
  new Promise((resolve) => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.setHeader('content-type', 'application/json');
        response.end(Buffer.concat(chunks));
      });
    });
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });

const KINDS: Readonly<Record<string, (credential: ProviderCredential) => Promise<string>>> = { emulate, behindWire, echo };

// Entry of a process that serves alone, on the core that it is started on.
const credential = mintSession();
const origin = await KINDS[kind]!(credential);
process.on('disconnect', () => process.exit());
process.send!({ origin, credential } satisfies Serving);
