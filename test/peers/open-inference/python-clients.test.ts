import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { messages, SERVICE } from '../../../harness/serving/doors/inference-proto.ts';
import { createGateway, type Gateway } from '../../../harness/serving/gateway.ts';
import { mount } from '../../../harness/world/live/mount.ts';
import { grpcExchange } from '../../../harness/world/sim/run/grpc-exchange.ts';
import { createFakeLinks } from '../../support/fake-links.ts';
import { stubModels } from '../../support/model.ts';
import { openDesign } from '../../support/open-design.ts';

/** What the Python clients of NVIDIA and KServe put on the wire; recorded/python-clients.json says of which versions. */
interface Recorded {
  readonly rest: readonly {
    readonly name: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly bodyBase64: string;
  }[];
  readonly grpc: readonly { readonly name: string; readonly messageBase64: string }[];
}

const recorded: Recorded = JSON.parse(readFileSync(new URL('./recorded/python-clients.json', import.meta.url), 'utf8'));

/** All ask about a row whose sum is 3, which is its label here. */
const LABEL = 3;

interface Output {
  readonly name: string;
  readonly data?: readonly number[];
  readonly parameters?: { readonly binary_data_size: number };
}

/** The platform's own: the gateway's is replaced. */
const send = fetch;

let gateway: Gateway;

beforeEach(async () => {
  const links = createFakeLinks(['aws', 'us-east-1']);
  vi.stubGlobal('fetch', links.fetch);
  gateway = createGateway(links.config(openDesign), { models: stubModels });
  await gateway.start();
});

afterEach(() => {
  gateway.stop();
  vi.unstubAllGlobals();
});

/** The outputs of an answer, read as those clients do: the JSON first, then each output's bytes in order. */
const outputsOf = async (response: Response): Promise<Record<string, readonly number[]>> => {
  const bytes = Buffer.from(await response.arrayBuffer());
  const header = response.headers.get('inference-header-content-length');
  let offset = header === null ? bytes.length : Number(header);
  const { outputs } = JSON.parse(bytes.subarray(0, offset).toString()) as { readonly outputs: readonly Output[] };
  const read = ({ name, data, parameters }: Output): readonly number[] => {
    if (data) return data;
    const own = bytes.subarray(offset, offset + parameters!.binary_data_size);
    offset += own.length;
    return name === 'label'
      ? Array.from({ length: own.length / 8 }, (_, at) => Number(own.readBigInt64LE(at * 8)))
      : Array.from({ length: own.length / 4 }, (_, at) => own.readFloatLE(at * 4));
  };
  const values = Object.fromEntries(outputs.map((output) => [output.name, read(output)]));
  expect(offset).toBe(bytes.length);
  return values;
};

describe('what Python clients send over REST', () => {
  it.each(recorded.rest)('is answered: $name', async ({ path, headers, bodyBase64 }) => {
    // Over a socket, as it comes: the web platform's Request would look after some of it.
    const { origin, close } = await mount(gateway.fetch);
    const response = await send(`${origin}${path}`, { method: 'POST', headers, body: Buffer.from(bodyBase64, 'base64') });
    expect(response.status).toBe(200);
    const { label, probabilities } = await outputsOf(response);
    expect(label).toEqual([LABEL]);
    expect(probabilities).toHaveLength(10);
    expect(probabilities![LABEL]).toBeCloseTo(0.91);
    await close();
  });
});

describe('what Python clients send over gRPC', () => {
  it.each(recorded.grpc)('is answered: $name', async ({ messageBase64 }) => {
    const body = Buffer.from(messageBase64, 'base64');
    const end = await grpcExchange(gateway.grpc, 'gateway.test')(
      { id: '', sampleIndex: 0, path: `/${SERVICE}/ModelInfer`, headers: {}, body },
      new AbortController().signal,
    );
    expect(end).toMatchObject({ type: 'answer', status: 0 });
    const answer = messages.ModelInferResponse.decode((end as { readonly body: Uint8Array }).body);
    const asked = messages.ModelInferRequest.decode(body);
    expect(answer.id).toBe(asked.id);
    const isRaw = asked.rawInputContents.length > 0;
    const label = isRaw
      ? Buffer.from(answer.rawOutputContents[0]!).readBigInt64LE()
      : answer.outputs.find(({ name }) => name === 'label')!.contents!.int64Contents![0];
    expect(label).toBe(BigInt(LABEL));
  });
});
