import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for scenario files of a test. */
export interface ScenarioFolder {
  readonly path: string;
  /** Writes a file and gives its path. */
  write(name: string, text: string): string;
  remove(): void;
}

export const createScenarioFolder = (): ScenarioFolder => {
  const path = mkdtempSync(join(tmpdir(), 'squall-scenarios-'));
  return {
    path,
    write(name, text) {
      const file = join(path, name);
      writeFileSync(file, text);
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
};

/** A small scenario that is right, one setting a line, so that a test can spoil a line and know its number. */
export const goodScenario = `title: An outage
topology:
  gateway: us-east
  regions:
    - aws/us-east-1
    - region: google/us-east4
      rtt: 5ms
load:
  rate: 50/s
  timeout: 2s
warmup: 1s
duration: 20s
faults:
  - kind: region-outage
    target: aws/us-east-1
    at: 5s
    for: 5s
    mode: blackhole
steadyState:
  availability: { min: 99% }
expect:
  region-outage:
    availability: { min: 90% }
    failoverTime: { max: 3s }
`;
