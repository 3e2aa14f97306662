import type { FetchHandler } from '../../../mocks/emulator.ts';
import { CALLER_HEADERS } from '../caller.ts';
import type { NodeCommand, NodeRecord } from '../nodes/node.ts';
import { DATA_HEADERS } from './data-caller.ts';

/** What somebody with a caller's credentials does, as a fault tells it. */
export interface Exfiltration extends NodeCommand {
  readonly type: 'exfiltrate';
  /** Whose credentials. */
  readonly tenant: string;
  readonly dataset: string;
  /** Where the intruder is. */
  readonly region: string;
  /** Rows of a page. */
  readonly page: number;
  /** Pages a second. */
  readonly ratePerS: number;
}

/** A page that an intruder asked for; `rows` is 0 where it got none. */
export interface TheftRecord extends NodeRecord {
  readonly type: 'data-theft';
  readonly id: string;
  readonly tenant: string;
  readonly dataset: string;
  readonly rows: number;
}

/** Who reads with the credentials of another: one at a time, page after page. */
export const createIntruder = ({
  fetch,
  bearer,
  onRecord,
}: {
  readonly fetch: FetchHandler;
  readonly bearer: string;
  readonly onRecord: (record: TheftRecord) => void;
}) => {
  let timer: ReturnType<typeof setInterval> | undefined;
  let taken = 0;

  const take = async ({ tenant, dataset, region, page }: Exfiltration, offset: number): Promise<void> => {
    const id = `intruder-${crypto.randomUUID()}`;
    const response = await fetch(
      new Request(`http://data.invalid/datasets/${dataset}/rows?offset=${offset}&limit=${page}`, {
        headers: {
          authorization: bearer,
          [CALLER_HEADERS.tenant]: tenant,
          [DATA_HEADERS.id]: id,
          [DATA_HEADERS.region]: region,
        },
      }),
    );
    const { rows = [], total } = (await response.json()) as { rows?: readonly unknown[]; total?: number };
    // The end of the dataset is followed by its beginning.
    taken = total !== undefined && offset + page >= total ? 0 : offset + page;
    onRecord({ type: 'data-theft', id, tenant, dataset, rows: rows.length });
  };

  const stop = (): void => clearInterval(timer);

  return {
    stop,
    async command(command: NodeCommand): Promise<void> {
      stop();
      if (command.type === 'exfiltrate-end') return;
      if (command.type !== 'exfiltrate') throw new TypeError(`a node of kind data knows no command ${command.type}`);
      const exfiltration = command as Exfiltration;
      timer = setInterval(() => void take(exfiltration, taken).catch(() => undefined), 1000 / exfiltration.ratePerS);
    },
  };
};
