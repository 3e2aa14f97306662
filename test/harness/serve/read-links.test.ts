import { describe, expect, it } from 'vitest';
import { readLinks } from '../../../harness/serve/read-links.ts';
import { linkEnvironment } from '../../../harness/sut/environment.ts';
import { mintAccess } from '../../../harness/world/live/credentials.ts';
import { gatewayConfig, providersOf } from '../../../harness/world/live/endpoints.ts';
import { simPlan } from '../../support/sim-plan.ts';

const plan = simPlan({ topology: { regions: ['aws/eu-west-1', 'azure/eastus', 'google/us-central1'] } });
const told = async () => {
  const accesses = await mintAccess(providersOf(plan.scenario.topology));
  const config = gatewayConfig(
    plan,
    accesses,
    (id) => `http://127.0.0.1:${21_000 + plan.links.findIndex((link) => link.id === id)}`,
  );
  return { config, environment: linkEnvironment(config) };
};

const changed = (links: readonly object[], change: object): { readonly SQUALL_LINKS: string } => ({
  SQUALL_LINKS: JSON.stringify(links.map((link, index) => (index === 1 ? { ...link, ...change } : link))),
});

describe('links from the environment', () => {
  it('are those that every system under test is told', async () => {
    const { config, environment } = await told();
    expect(readLinks(environment)).toEqual({ model: config.model, links: config.links });
  });

  it('may say more than this version knows', async () => {
    const { config, environment } = await told();
    expect(readLinks({ ...environment, ...changed(config.links, { later: true }) }).links).toEqual(config.links);
  });

  it.each([
    [{}, 'SQUALL_LINKS is not set'],
    [{ SQUALL_LINKS: '' }, 'SQUALL_LINKS is not set'],
    [{ SQUALL_LINKS: 'links' }, 'SQUALL_LINKS is no JSON'],
    [{ SQUALL_LINKS: '[]' }, 'expected at least 1 entry'],
  ])('%j: says what is wrong, and how they come there', (environment, words) => {
    expect(() => readLinks(environment)).toThrow(words);
    expect(() => readLinks(environment)).toThrow(expect.objectContaining({ remedy: expect.stringContaining('squall env') }));
  });

  it('say where one is wrong, and keep their secrets', async () => {
    const { config } = await told();
    const of = (change: object) => () => readLinks(changed(config.links, change));
    expect(of({ endpoint: 'ftp://127.0.0.1' })).toThrow('SQUALL_LINKS [1].endpoint: expected an origin');
    expect(of({ provider: 'ibm' })).toThrow('[1].provider');
    expect(of({ secretStoreToken: undefined })).toThrow('[1].secretStoreToken: is missing');
    expect(of({ endpoint: 7 })).not.toThrow(config.links[1]!.secretStoreToken);
  });
});
