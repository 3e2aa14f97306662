/** What a link's network is like, beside the round trip that the topology gives it. All of it applies to every link. */
export interface NetworkModel {
  /**
   * Mean of the exponential delay beyond the base round trip, as a share of it. RIPE Atlas and cloud probes see a standard deviation of 1 to 3% between
   * regions of the large providers; an exponential has its mean as its standard deviation.
   */
  readonly jitterShare: number;
  /** The same, for what does not grow with distance: switches and virtual machines. Milliseconds. */
  readonly jitterFloorMs: number;
  /** Chance that a packet is lost. Packet loss between the large providers' regions is reported as 0.01% or less. */
  readonly lossShare: number;
  /** Least time until TCP sends a lost packet again: Linux's TCP_RTO_MIN, 200 ms (include/net/tcp.h); doubled with each further loss. */
  readonly retransmitAfterMs: number;
  /** Bytes of a packet: Ethernet's 1500 less the headers of IPv4 and TCP with time stamps. */
  readonly segmentBytes: number;
  /** What one connection carries, bits a second: a single flow out of AWS EC2 to the internet is held to 5 Gbit/s; of that, a fifth. */
  readonly bitsPerS: number;
  /** Round trips of setting a connection up: TCP's one (RFC 9293), and TLS 1.3's one (RFC 8446) where the origin is https. */
  readonly tcpRoundTrips: number;
  readonly tlsRoundTrips: number;
  /** A look-up of a name that a resolver nearby has in its cache, milliseconds. Node looks up for each new connection. */
  readonly dnsMs: number;
  /** How long a connection is kept that nothing uses, milliseconds: what live's front doors offer (`KEEP_ALIVE_MS` in mount.ts). */
  readonly keepAliveMs: number;
  /** How long a connection may take to be made, milliseconds: undici's `connectTimeout`. */
  readonly connectTimeoutMs: number;
}

export const NETWORK: NetworkModel = {
  jitterShare: 0.01,
  jitterFloorMs: 0.1,
  lossShare: 0.0001,
  retransmitAfterMs: 200,
  segmentBytes: 1448,
  bitsPerS: 1e9,
  tcpRoundTrips: 1,
  tlsRoundTrips: 1,
  dnsMs: 0.5,
  keepAliveMs: 120_000,
  connectTimeoutMs: 10_000,
};

/** Draws how long a round trip takes, milliseconds. */
export const drawRoundTripMs = (model: NetworkModel, baseMs: number, random: () => number): number =>
  baseMs - Math.log(1 - random()) * (baseMs * model.jitterShare + model.jitterFloorMs);

/** How long so many bytes take beyond the round trip, milliseconds: on the line, and for lost packets to be sent again. */
export const drawTransferMs = (model: NetworkModel, bytes: number, random: () => number): number => {
  const packets = Math.max(1, Math.ceil(bytes / model.segmentBytes));
  let lostMs = 0;
  // One draw for all packets: a loss is rare, and a second one among them all but never.
  let waitMs = model.retransmitAfterMs;
  let chance = 1 - (1 - model.lossShare) ** packets;
  while (random() < chance) {
    lostMs += waitMs;
    waitMs *= 2;
    chance = model.lossShare;
  }
  return lostMs + (bytes * 8000) / model.bitsPerS;
};
