import { fileURLToPath } from 'node:url';
import { type Client, credentials, loadPackageDefinition, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const PROTO = fileURLToPath(new URL('../peers/open-inference/inference.proto', import.meta.url));

/** A client of `inference.GRPCInferenceService` that knows nothing of squall: grpc-js's, made out of the protocol's interface. */
export const inferenceClient = (authority: string): Client & Record<string, (...args: readonly unknown[]) => unknown> => {
  const definition = loadSync(PROTO, { keepCase: true, longs: Number, defaults: true, oneofs: true });
  const { inference } = loadPackageDefinition(definition) as unknown as {
    readonly inference: { readonly GRPCInferenceService: ServiceClientConstructor };
  };
  return new inference.GRPCInferenceService(authority, credentials.createInsecure()) as never;
};
