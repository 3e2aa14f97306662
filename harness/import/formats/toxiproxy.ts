import { createProxyTimeline } from '../chaos/proxies.ts';
import { readToxic } from '../chaos/toxics.ts';
import type { Content } from '../content.ts';
import type { ImportFormat } from '../format.ts';
import type { Experiment, Unimported } from '../incident.ts';
import { importLimits } from '../limits.ts';
import { badFile, badValue } from '../problem.ts';
import { isRecord, type JsonRecord, listOf } from '../records.ts';

/** How long what stands in a configuration lasts, milliseconds: it says of no time. */
const LASTS_MS = 10_000;

const isProxy = (value: unknown): value is JsonRecord => isRecord(value) && typeof value.upstream === 'string';

/** A list of proxies, as `toxiproxy-server -config` reads it, or what `GET /proxies` answers: proxies by their names. */
const proxiesOf = (content: Content): readonly JsonRecord[] | undefined => {
  if (content.form !== 'json') return undefined;
  const { value } = content;
  if (Array.isArray(value)) return value.length > 0 && value.every(isProxy) ? value : undefined;
  if (!isRecord(value)) return undefined;
  const named = Object.entries(value);
  return named.length > 0 && named.every(([, proxy]) => isProxy(proxy))
    ? named.map(([name, proxy]) => ({ name, ...(proxy as JsonRecord) }))
    : undefined;
};

/**
 * Toxiproxy's proxies: github.com/Shopify/toxiproxy, README, "Populating Toxiproxy" and "HTTP API" (read 2026-11-27). Toxics and disabled proxies
 * are faults that last for ten seconds: a configuration says of no time.
 */
export const toxiproxy: ImportFormat = {
  name: 'toxiproxy',
  summary: "Toxiproxy's proxies: a -config file, or what GET /proxies answers; toxics and disabled proxies are the faults.",
  detects: (content) => proxiesOf(content) !== undefined,
  read(file, content): Experiment {
    const proxies = proxiesOf(content);
    if (!proxies)
      throw badFile(file.name, { line: 1 }, "is no list of Toxiproxy's proxies; expected objects with name, listen and upstream");
    if (proxies.length > importLimits.activities)
      throw badFile(file.name, undefined, `expected at most ${importLimits.activities} proxies`);
    const timeline = createProxyTimeline();
    const hosts: Record<string, string | null> = {};
    const unimported: Unimported[] = [];
    proxies.forEach((proxy, index) => {
      if (typeof proxy.name !== 'string' || proxy.name === '') throw badValue(file, [index, 'name'], 'expected a name');
      const { name } = proxy;
      hosts[name] = String(proxy.upstream);
      if (proxy.enabled === false) timeline.setEnabled(name, false, 0, `Proxy ${name} is disabled.`);
      const toxics = listOf(proxy, 'toxics');
      for (const [place, value] of toxics.entries()) {
        const toxic = readToxic(value);
        const where = `proxy ${name}, toxics[${place}]`;
        const why = typeof toxic === 'string' ? toxic : timeline.add(name, toxic, 0, `Toxic ${toxic.name} of proxy ${name}.`);
        if (why !== undefined) unimported.push({ what: typeof toxic === 'string' ? 'toxic' : `toxic ${toxic.name}`, where, why });
      }
      if (toxics.length === 0 && proxy.enabled !== false) {
        unimported.push({
          what: `proxy ${name}`,
          where: String(proxy.upstream),
          why: 'nothing is wrong with it, so that there is no fault',
        });
      }
    });
    return {
      type: 'experiment',
      title: "Toxiproxy's proxies",
      description: '',
      lengthMs: LASTS_MS,
      faults: timeline.faults(LASTS_MS),
      proxies: hosts,
      steadyState: [],
      unimported,
    };
  },
};
