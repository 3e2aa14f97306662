/** One connection of a pool. */
export interface Connection {
  /** Virtual time at which it became idle, milliseconds. */
  idleSinceMs: number;
  /** The other side has gone without a word: what is sent on it is never answered. */
  isDead: boolean;
}

/** The kept-alive connections between the system under test and one origin. */
export interface ConnectionPool {
  /** An idle connection; undefined when a new one must be made. */
  take(nowMs: number): Connection | undefined;
  /** One that was made, in use. */
  make(): Connection;
  /** It can carry the next request. */
  release(connection: Connection, nowMs: number): void;
  close(connection: Connection): void;
  /** Every open one. */
  readonly all: ReadonlySet<Connection>;
  closeAll(): void;
}

/** @param keepAliveMs how long an idle connection is kept */
export const createConnectionPool = (keepAliveMs: number): ConnectionPool => {
  const all = new Set<Connection>();
  /** The one that was used last is used first. */
  let idle: Connection[] = [];
  return {
    all,
    take(nowMs) {
      for (;;) {
        const connection = idle.pop();
        if (!connection) return undefined;
        if (nowMs - connection.idleSinceMs < keepAliveMs) return connection;
        // Those below it have been idle for longer.
        for (const old of [connection, ...idle]) all.delete(old);
        idle = [];
      }
    },
    make() {
      const connection: Connection = { idleSinceMs: 0, isDead: false };
      all.add(connection);
      return connection;
    },
    release(connection, nowMs) {
      if (!all.has(connection)) return;
      connection.idleSinceMs = nowMs;
      idle.push(connection);
    },
    close(connection) {
      all.delete(connection);
    },
    closeAll() {
      all.clear();
      idle = [];
    },
  };
};
