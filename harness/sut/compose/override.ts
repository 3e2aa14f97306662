import { stringify } from 'yaml';
import { imageLabel } from '../../containers/owner.ts';

export interface Override {
  readonly services: readonly string[];
  /** Of these, those whose image is built under a name of the run's: it bears the label of such images. */
  readonly built: readonly string[];
  /** Whose door the load comes by, and its port inside. */
  readonly entry: string;
  readonly entryPort: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Name by name what containers must resolve. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Folder of this machine that every service sees at the same path. */
  readonly folder: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/** Compose fills in what begins with a dollar sign; two of them are one. */
const literal = (text: string): string => text.replaceAll('$', '$$$$');

/** A second Compose file, laid over the user's: every service is told its links, and the entry is published on a free port of loopback. */
export const overrideOf = ({ services, built, entry, entryPort, environment, hosts, folder, labels }: Override): string =>
  stringify({
    services: Object.fromEntries(
      services.map((name) => [
        name,
        {
          // Of what is built too: that is built where it is not there (docker/compose, pkg/compose/pull.go and build.go, read 2026-11-27).
          pull_policy: 'never',
          environment: Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, literal(value)])),
          labels,
          ...(built.includes(name) ? { build: { labels: imageLabel(labels) } } : {}),
          extra_hosts: Object.entries(hosts).map(([host, address]) => `${host}:${address}`),
          ...(folder === undefined ? {} : { volumes: [`${folder}:${folder}:ro`] }),
          ...(name === entry ? { ports: [`127.0.0.1::${entryPort}`] } : {}),
        },
      ]),
    ),
  });
