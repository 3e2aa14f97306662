import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHandlers } from '../../../integrations/msw/handlers.ts';
import { loadModels } from '../../../integrations/msw/models.ts';
import { openClouds } from '../../../integrations/msw/open-clouds.ts';
import { type CloudDefinition, GLOBAL } from '../../../mocks/cloud/cloud.ts';
import type { ServiceSpec } from '../../../mocks/cloud/service.ts';
import { clouds } from '../../../mocks/clouds.ts';
import { findCase } from '../../conformance/find-case.ts';

/** The cases hand a port on to clients that have an option for it: any will do, for it's the name that msw goes by. */
const PORT = 8443;

interface Row {
  readonly name: string;
  readonly definition: CloudDefinition;
  readonly spec: ServiceSpec;
  readonly region: string;
}

const rows: readonly Row[] = clouds.flatMap((definition) =>
  definition.services.flatMap(({ spec }) =>
    (spec.isRegional ? definition.regions : [GLOBAL]).map((region) => ({
      name: `${spec.cloud}/${region}/${spec.service}`,
      definition,
      spec,
      region,
    })),
  ),
);

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

/** A fresh account at the cloud, behind msw. @param region comes first: names of all regions, such as the metadata address, are its own */
const openBehindMsw = async (definition: CloudDefinition, region: string) => {
  const { endpoints, clouds } = await openClouds({
    definitions: [definition],
    regions: { [definition.cloud]: definition.regions.toSorted((a, b) => Number(b === region) - Number(a === region)) },
    models: await loadModels(),
    seed: 1,
  });
  const hosts = [...new Set(endpoints.flatMap((endpoint) => endpoint.hosts))];
  server.use(...createHandlers(hosts, (host) => endpoints.filter((endpoint) => endpoint.hosts.includes(host))));
  const originOf = (service: string, region: string): string => {
    const found = endpoints.find(({ link }) => link.service === service && link.region === region);
    if (!found) throw new TypeError(`nothing stands as ${definition.cloud}/${region}/${service}`);
    return found.link.isTls ? `https://${found.hosts[0]}:${PORT}` : `http://${found.hosts[0]}`;
  };
  return { account: clouds.get(definition.cloud)!.account, originOf };
};

describe('every row of the table, under its true name, by its own SDK', () => {
  it.each(rows)('$name', async ({ definition, spec, region }) => {
    const { account, originOf } = await openBehindMsw(definition, region);
    const { connect } = await findCase(spec);
    const { credential } = account;
    const target = { region, origin: originOf(spec.service, region), originOf, credential, account, caCertPem: '' };
    const { good, close } = await connect(target);
    try {
      await expect(good()).resolves.not.toThrow();
    } finally {
      await close?.();
    }
  });
});
