import type { ServerSessionOptions, SessionOptions, Settings } from 'node:http2';

/** Bytes of a stream that may be on their way between two sides of the proxy, for each direction. */
const STREAM_WINDOW_BYTES = 256 * 1024;

/** More streams than any upstream allows at once, where it names no limit. */
const UNLIMITED = 0xffff_ffff;

/**
 * Node's defences against a hostile peer stand in the way of what a client and a server would do without the proxy, such as cancelling
 * a thousand calls a second. Limits are the upstream's own, and memory: bytes are bounded by the windows.
 */
const sessionOptions: SessionOptions & Pick<ServerSessionOptions, 'strictSingleValueFields'> = {
  maxSessionMemory: 1024,
  maxHeaderListPairs: 4096,
  maxSendHeaderBlockLength: 1024 * 1024,
  maxOutstandingPings: 1000,
  peerMaxConcurrentStreams: UNLIMITED,
  strictSingleValueFields: false,
};

/** Pushes would have no call to belong to: none is asked for. */
const OWN_SETTINGS: Settings = { enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES };

export const upstreamOptions: SessionOptions = { ...sessionOptions, settings: OWN_SETTINGS };

/** What the upstream allows is what the caller is allowed. */
export const mirrored = (settings: Settings): Settings => ({
  initialWindowSize: STREAM_WINDOW_BYTES,
  ...(settings.maxConcurrentStreams === undefined ? {} : { maxConcurrentStreams: settings.maxConcurrentStreams }),
  ...(settings.maxHeaderListSize === undefined ? {} : { maxHeaderListSize: settings.maxHeaderListSize }),
  ...(settings.enableConnectProtocol ? { enableConnectProtocol: true } : {}),
});

export const callerOptions = (settings: Settings): ServerSessionOptions => ({
  ...sessionOptions,
  streamResetBurst: 1_000_000,
  streamResetRate: 1_000_000,
  settings: mirrored(settings),
});
