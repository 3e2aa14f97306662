import { randomBytes } from 'node:crypto';
import { entryBeside } from '../../harness/entry.ts';
import { startEmulator } from '../../harness/world/live/emulator-process.ts';
import { mintSession } from '../../mocks/aws/credential.ts';
import type { ProviderCredential } from '../../mocks/emulator.ts';
import { BenchProblem } from '../problem.ts';
import { PORTLESS } from './portless.ts';

export const ENDPOINT = 'digits';
export const INSTANCE = 'ml.c5.2xlarge';
export const REGIONS = ['us-east-1', 'us-west-2'] as const;
export type Region = (typeof REGIONS)[number];

/** No time is simulated: what is left is the emulator's own work, so that what a gateway adds is not lost in it. */
export const CAPACITY = { serviceTimeMs: 0, serviceTimeSigma: 0, concurrency: 256, queueLimit: 1024 };

/** The one process that all contenders ask. Its regions are two endpoints with one credential. */
export interface Upstream {
  /** Origin of SageMaker's runtime in each region. */
  readonly runtimes: Readonly<Record<Region, string>>;
  /** The same for callers who sign for its host without its port. */
  readonly portlessRuntimes: Readonly<Record<Region, string>>;
  readonly priceOrigin: string;
  readonly secretOrigin: string;
  readonly secretStoreToken: string;
  readonly credential: Extract<ProviderCredential, { provider: 'aws' }>;
  stop(): Promise<void>;
}

export const startUpstream = async (): Promise<Upstream> => {
  const credential = mintSession();
  const secretStoreToken = randomBytes(16).toString('hex');
  const config = {
    provider: 'aws',
    regions: REGIONS.map((region) => ({ region, capacity: CAPACITY, instanceUsdPerHour: 0.5, instanceType: INSTANCE })),
    credential,
    secretStoreToken,
    endpointName: ENDPOINT,
    model: 'digits',
  } as const;
  const emulator = startEmulator(config, entryBeside('./emulator-main', import.meta.url));
  const endpoints = await emulator.ready;
  const originOf = (service: string, region: string) => {
    const found = endpoints.find((one) => one.service === service && one.region === region);
    if (!found) throw new BenchProblem(`bench/gateway: the emulator has no ${service} in ${region}.`);
    return found.origin;
  };
  const inRegions = (service: string) => ({
    'us-east-1': originOf(service, 'us-east-1'),
    'us-west-2': originOf(service, 'us-west-2'),
  });
  return {
    runtimes: inRegions('sagemaker-runtime'),
    portlessRuntimes: inRegions(`sagemaker-runtime${PORTLESS}`),
    priceOrigin: originOf('pricing', 'global'),
    secretOrigin: originOf('secretsmanager', 'global'),
    secretStoreToken,
    credential,
    stop: emulator.stop,
  };
};
