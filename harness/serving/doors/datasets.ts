import type { Hono } from 'hono';
import { openScope } from '../abort.ts';
import { CALLER_HEADERS } from '../caller.ts';
import type { GatewayConfig } from '../config.ts';
import { DATA_HEADERS, type DataCaller, readDataCaller } from '../data/data-caller.ts';
import type { Dataset } from '../data/dataset.ts';
import { columnsOf } from '../data/generate.ts';
import { placesFor } from '../data/place.ts';
import { dataToken } from '../data/settings.ts';
import { Cancelled, messageOf } from '../errors.ts';
import type { NodeAddress } from '../nodes/node.ts';
import { createResidency } from '../residency.ts';
import type { Stack } from '../stack.ts';
import { failureResponse } from './failure-response.ts';
import { failureOf } from './failures.ts';

/** How long a read may take where neither the caller nor the design says. */
const READ_WITHIN_MS = 5000;
/** One node gets this long, or a third of what there is, before the next is asked. */
const CALL_TIMEOUT_MS = 1500;
const HTTP_FORBIDDEN = 403;

const headersOf = ({ tenant, priority, id, region, purpose }: DataCaller, bearer: string): Record<string, string> => ({
  authorization: bearer,
  [DATA_HEADERS.id]: id,
  [CALLER_HEADERS.priority]: priority,
  ...(tenant === '' ? {} : { [CALLER_HEADERS.tenant]: tenant }),
  ...(region === '' ? {} : { [DATA_HEADERS.region]: region }),
  ...(purpose === '' ? {} : { [DATA_HEADERS.purpose]: purpose }),
});

/** What a caller may know of a dataset before it reads it. */
const describe = (dataset: Dataset) => {
  const { name, kind, rows, regions, residency } = dataset;
  return {
    name,
    kind,
    rows,
    columns: columnsOf(dataset),
    residency: { home: regions[0]!, regions, within: residency?.within ?? null },
  };
};

/** One node's answer, or undefined where it has none: another may have. */
const ask = async (
  node: NodeAddress,
  path: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Response | undefined> => {
  const scope = openScope(signal, { ms: CALL_TIMEOUT_MS, reason: () => new Cancelled('deadline') });
  try {
    const response = await globalThis.fetch(`${node.origin}${path}`, { headers, signal: scope.signal });
    if (response.status >= 500) return undefined;
    const body = await response.text();
    return new Response(body, {
      status: response.status,
      headers: { 'content-type': 'application/json', 'x-squall-served-by': node.id },
    });
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  } finally {
    scope.close();
  }
};

/**
 * Datasets: `GET /v2/datasets` tells which there are, `GET /v2/datasets/{name}/rows?offset=&limit=` gives a page,
 * `GET /v2/datasets/{name}/statistics?of=&column=&bins=&where=` a statistic, each by a node of a region that may serve it.
 */
export const addDatasetRoutes = (app: Hono, stack: Pick<Stack, 'admit'>, config: GatewayConfig): void => {
  const { datasets, nodes = [], design } = config;
  if (!datasets) return;
  const scopeOf = createResidency(design.residency, config.datasetResidency);
  const bearer = `Bearer ${dataToken(config)}`;

  app.get('/v2/datasets', (c) => c.json({ datasets: datasets.map(describe) }));

  app.get('/v2/datasets/:name/:what{rows|statistics}', async (c) => {
    const { name, what } = c.req.param();
    const dataset = datasets.find((one) => one.name === name);
    if (!dataset) return failureResponse('not-found', `There is no dataset ${name}.`);
    try {
      const said = readDataCaller((header) => c.req.raw.headers.get(header));
      // Whoever calls reads in the name of its own tenant, whatever it says.
      const { tenant } = await stack.admit(
        { authorization: c.req.raw.headers.get('authorization') },
        { action: 'describe', tenant: said.tenant },
      );
      const caller = { ...said, tenant };
      const isAtHomeOnly = what === 'statistics' && design.privacy !== false;
      const held = scopeOf(name);
      // A statistic with noise tells of nobody; rows, and statistics without, are given to no one who is where they may not be.
      const tellsOfSomebody = what === 'rows' || design.privacy === false;
      if (tellsOfSomebody && held.permits && !held.isLax && !held.permits(caller.region)) {
        const where = caller.region === '' ? 'a caller who does not say where it is' : `a caller in ${caller.region}`;
        return Response.json({ error: `The rows of ${name} may not go to ${where}.` }, { status: HTTP_FORBIDDEN });
      }
      const places = placesFor(dataset, nodes, { isAtHomeOnly, scope: held });
      const withinMs = Math.min(caller.deadlineMs, READ_WITHIN_MS);
      const scope = openScope(c.req.raw.signal, { ms: withinMs, reason: () => new Cancelled('deadline') });
      try {
        const path = `/datasets/${name}/${what}${new URL(c.req.url).search}`;
        for (const node of places) {
          const answer = await ask(node, path, headersOf(caller, bearer), scope.signal);
          if (answer) return answer;
        }
      } finally {
        scope.close();
      }
      return failureResponse(
        'unavailable',
        `No region that may serve ${name} answers; asked: ${places.map(({ id }) => id).join(', ') || 'none'}.`,
      );
    } catch (error) {
      const { kind, message } = failureOf(error);
      return failureResponse(kind, kind === 'unavailable' ? messageOf(error) : message);
    }
  });
};
