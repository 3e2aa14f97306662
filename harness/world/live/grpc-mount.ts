import type { EventEmitter } from 'node:events';
import { isIPv6 } from 'node:net';
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { type GrpcCall, GrpcFailure, type GrpcMethod, type GrpcService } from '../../../mocks/shared/grpc/service.ts';
import { SquallError } from '../../errors.ts';

/** gRPC services on a socket. */
export interface GrpcMounted {
  /** As clients take it, e.g. `127.0.0.1:20011`. */
  readonly authority: string;
  readonly port: number;
  /** Stops listening and cuts calls under way. */
  close(): Promise<void>;
  /** Stops listening, lets calls under way end, and cuts what is left after so long. @param withinMs milliseconds */
  drain(withinMs: number): Promise<void>;
}

export interface GrpcMountOptions {
  /** An address or a name of this machine; 127.0.0.1 when left out. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port?: number;
  /** Serve TLS with this certificate chain and key, PEM: Google's clients send no credentials over anything else. */
  readonly tls?: { readonly certPem: string; readonly keyPem: string };
}

type OneMessage = ServerUnaryCall<Buffer, Buffer> | ServerWritableStream<Buffer, Buffer>;
type ManyMessages = ServerReadableStream<Buffer, Buffer> | ServerDuplexStream<Buffer, Buffer>;
type Call = OneMessage | ManyMessages;

const NO_MESSAGE = new Uint8Array(0);

const remainingMs = (call: Call): number => Math.max(0, Number(call.getDeadline()) - Date.now());

const asMetadata = (entries: Readonly<Record<string, string>>): Metadata => {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(entries)) metadata.set(name, value);
  return metadata;
};

const asCall = (call: Call, messages: Pick<GrpcCall, 'message' | 'messages'>, signal: AbortSignal): GrpcCall => ({
  ...messages,
  metadata: Object.fromEntries(
    Object.entries(call.metadata.getMap()).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  ),
  authority: call.getHost(),
  deadlineMs: remainingMs(call),
  signal,
  sendMetadata: (entries) => call.sendMetadata(asMetadata(entries)),
});

const ofOne = ({ request }: OneMessage): Pick<GrpcCall, 'message' | 'messages'> => ({
  message: request,
  messages: (async function* () {
    yield request;
  })(),
});

/** What the library sends as status and trailers. */
const asServiceError = (error: unknown) => {
  if (!(error instanceof GrpcFailure)) return { code: status.INTERNAL, details: 'Internal error encountered.' };
  const metadata = new Metadata();
  if (error.details) metadata.set('grpc-status-details-bin', Buffer.from(error.details));
  return { code: error.code, details: error.message, metadata };
};

const cancellation = (call: EventEmitter): AbortSignal => {
  const controller = new AbortController();
  call.on('cancelled', () => controller.abort());
  return controller.signal;
};

const answeringOnce =
  (method: GrpcMethod) =>
  async (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>): Promise<void> => {
    try {
      for await (const message of method.call(asCall(call, ofOne(call), cancellation(call)))) {
        callback(null, Buffer.from(message));
        return;
      }
      callback({ code: status.INTERNAL, details: 'Internal error encountered.' });
    } catch (error) {
      callback(asServiceError(error));
    }
  };

/** Answers message by message. @param messages what the caller sends */
const answering = async (
  method: GrpcMethod,
  call: ServerWritableStream<Buffer, Buffer> | ServerDuplexStream<Buffer, Buffer>,
  messages: Pick<GrpcCall, 'message' | 'messages'>,
): Promise<void> => {
  const signal = cancellation(call);
  try {
    for await (const message of method.call(asCall(call, messages, signal))) {
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
const waitForRoom = (
  call: ServerWritableStream<Buffer, Buffer> | ServerDuplexStream<Buffer, Buffer>,
  signal: AbortSignal,
  resolve: () => void,
): void => {
  call.once('drain', resolve);
  signal.addEventListener('abort', () => resolve(), { once: true });
};

const ofMany = (call: ManyMessages): Pick<GrpcCall, 'message' | 'messages'> => ({ message: NO_MESSAGE, messages: call });

const handlerOf = (method: GrpcMethod) => {
  if (!method.isServerStreaming) return answeringOnce(method);
  if (!method.isClientStreaming) return (call: ServerWritableStream<Buffer, Buffer>) => answering(method, call, ofOne(call));
  return (call: ServerDuplexStream<Buffer, Buffer>) => answering(method, call, ofMany(call));
};

const asBuffer = (bytes: Buffer): Buffer => bytes;

const definitionOf = ({ name, methods }: GrpcService) =>
  Object.fromEntries(
    methods.map((method) => [
      method.name,
      {
        path: `/${name}/${method.name}`,
        requestStream: method.isClientStreaming ?? false,
        responseStream: method.isServerStreaming,
        requestSerialize: asBuffer,
        requestDeserialize: asBuffer,
        responseSerialize: asBuffer,
        responseDeserialize: asBuffer,
      },
    ]),
  );

/**
 * Mounts services over HTTP/2, which the web-standard seam does not have, on 127.0.0.1 unless another host is named. Methods that a service lacks are
 * UNIMPLEMENTED.
 * @throws {SquallError} `PORT_IN_USE`
 */
export const mountGrpc = async (
  services: readonly GrpcService[],
  { host = '127.0.0.1', port = 0, tls }: GrpcMountOptions = {},
): Promise<GrpcMounted> => {
  const server = new Server();
  for (const service of services) {
    server.addService(
      definitionOf(service),
      Object.fromEntries(service.methods.map((method) => [method.name, handlerOf(method)])),
    );
  }
  const certChain = Buffer.from(tls?.certPem ?? '');
  // Roots are for clients' certificates, which nobody asks for. Without them the library reads the file that
  // GRPC_DEFAULT_SSL_ROOTS_FILE_PATH names: in the shell of a user who took emulators down, one that is gone.
  const credentials = tls
    ? ServerCredentials.createSsl(certChain, [{ cert_chain: certChain, private_key: Buffer.from(tls.keyPem) }])
    : ServerCredentials.createInsecure();
  const address = isIPv6(host) ? `[${host}]` : host;
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${address}:${port}`, credentials, (error, at) => {
      if (!error) resolve(at);
      else if (!/EADDRINUSE/.test(error.message)) reject(error);
      else {
        reject(
          new SquallError(
            'PORT_IN_USE',
            `Port ${port} on ${host} is in use.`,
            'Stop the program that holds it, or name another port.',
          ),
        );
      }
    });
  });
  return {
    authority: `${address}:${bound}`,
    port: bound,
    async close() {
      server.forceShutdown();
    },
    async drain(withinMs) {
      const cut = setTimeout(() => server.forceShutdown(), withinMs);
      await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      clearTimeout(cut);
    },
  };
};
