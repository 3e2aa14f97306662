import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { type GrpcCall, GrpcFailure, type GrpcMethod, type GrpcService } from '../../../mocks/google/grpc/service.ts';
import { SquallError } from '../../errors.ts';

/** gRPC services on a loopback socket. */
export interface GrpcMounted {
  /** As clients take it, e.g. `127.0.0.1:20011`. */
  readonly authority: string;
  readonly port: number;
  /** Stops listening and cuts calls under way. */
  close(): Promise<void>;
}

export interface GrpcMountOptions {
  /** 0 takes a free port. */
  readonly port?: number;
  /** Serve TLS with this certificate chain and key, PEM: Google's clients send no credentials over anything else. */
  readonly tls?: { readonly certPem: string; readonly keyPem: string };
}

type Call = ServerUnaryCall<Buffer, Buffer> | ServerWritableStream<Buffer, Buffer>;

const asCall = (call: Call, signal: AbortSignal): GrpcCall => ({
  message: call.request,
  metadata: Object.fromEntries(
    Object.entries(call.metadata.getMap()).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  ),
  authority: call.getHost(),
  signal,
});

/** What the library sends as status and trailers. */
const asServiceError = (error: unknown) => {
  if (!(error instanceof GrpcFailure)) return { code: status.INTERNAL, details: 'Internal error encountered.' };
  const metadata = new Metadata();
  if (error.details) metadata.set('grpc-status-details-bin', Buffer.from(error.details));
  return { code: error.code, details: error.message, metadata };
};

const cancellation = (call: Call): AbortSignal => {
  const controller = new AbortController();
  call.on('cancelled', () => controller.abort());
  return controller.signal;
};

const unary =
  (method: GrpcMethod) =>
  async (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>): Promise<void> => {
    try {
      for await (const message of method.call(asCall(call, cancellation(call)))) {
        callback(null, Buffer.from(message));
        return;
      }
      callback({ code: status.INTERNAL, details: 'Internal error encountered.' });
    } catch (error) {
      callback(asServiceError(error));
    }
  };

const serverStreaming =
  (method: GrpcMethod) =>
  async (call: ServerWritableStream<Buffer, Buffer>): Promise<void> => {
    const signal = cancellation(call);
    try {
      for await (const message of method.call(asCall(call, signal))) {
        if (signal.aborted) return;
        const hasRoom = call.write(Buffer.from(message));
        if (!hasRoom) await new Promise<void>((resolve) => waitForRoom(call, signal, resolve));
      }
      call.end();
    } catch (error) {
      call.emit('error', asServiceError(error));
    }
  };

/** A caller that is gone reads no more. */
const waitForRoom = (call: ServerWritableStream<Buffer, Buffer>, signal: AbortSignal, resolve: () => void): void => {
  call.once('drain', resolve);
  signal.addEventListener('abort', () => resolve(), { once: true });
};

const asBuffer = (bytes: Buffer): Buffer => bytes;

const definitionOf = ({ name, methods }: GrpcService) =>
  Object.fromEntries(
    methods.map((method) => [
      method.name,
      {
        path: `/${name}/${method.name}`,
        requestStream: false,
        responseStream: method.isServerStreaming,
        requestSerialize: asBuffer,
        requestDeserialize: asBuffer,
        responseSerialize: asBuffer,
        responseDeserialize: asBuffer,
      },
    ]),
  );

/**
 * Mounts services on 127.0.0.1 over HTTP/2, which the web-standard seam does not have. Methods that a service lacks are UNIMPLEMENTED.
 * @throws {SquallError} `PORT_IN_USE`
 */
export const mountGrpc = async (
  services: readonly GrpcService[],
  { port = 0, tls }: GrpcMountOptions = {},
): Promise<GrpcMounted> => {
  const server = new Server();
  for (const service of services) {
    server.addService(
      definitionOf(service),
      Object.fromEntries(
        service.methods.map((method) => [method.name, method.isServerStreaming ? serverStreaming(method) : unary(method)]),
      ),
    );
  }
  const certChain = Buffer.from(tls?.certPem ?? '');
  // Roots are for clients' certificates, which nobody asks for. Without them the library reads the file that
  // GRPC_DEFAULT_SSL_ROOTS_FILE_PATH names: in the shell of a user who took emulators down, one that is gone.
  const credentials = tls
    ? ServerCredentials.createSsl(certChain, [{ cert_chain: certChain, private_key: Buffer.from(tls.keyPem) }])
    : ServerCredentials.createInsecure();
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, credentials, (error, at) => {
      if (!error) resolve(at);
      else if (!/EADDRINUSE/.test(error.message)) reject(error);
      else {
        reject(
          new SquallError(
            'PORT_IN_USE',
            `Port ${port} on 127.0.0.1 is in use.`,
            'Stop the program that holds it, or name another port.',
          ),
        );
      }
    });
  });
  return {
    authority: `127.0.0.1:${bound}`,
    port: bound,
    async close() {
      server.forceShutdown();
    },
  };
};
