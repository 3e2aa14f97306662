/** What the node of that name is killed for, and when: a share in [0, 1) each. */
type Random = () => number;

export interface UnderFire {
  readonly door: string;
  /** Broker behind the queue. */
  readonly broker: string;
  /** Nodes that are killed, twice each, e.g. `worker-1`. */
  readonly victims: readonly string[];
}

/** Each node is killed twice, at any moment, and is back after a while. */
const killings = (victims: readonly string[], random: Random) =>
  victims.flatMap((node) =>
    [2000, 9000].map((earliestMs, turn) => ({
      name: `${node}-${turn + 1}`,
      kind: 'node-kill',
      target: `stack/us-east/${node}`,
      at: `${earliestMs + Math.floor(random() * 4000)}ms`,
      for: `${300 + Math.floor(random() * 1500)}ms`,
    })),
  );

/** A scenario, as a file has it, in which processes die while jobs come and are answered. */
export const jobsUnderFire = ({ door, broker, victims }: UnderFire, random: Random) => ({
  title: 'Processes die at any moment',
  description: 'Workers and what keeps the jobs are killed by SIGKILL, under load.',
  topology: {
    gateway: 'us-east',
    capacity: { serviceTime: '150ms', concurrency: 32 },
    regions: ['aws/us-east-1', 'google/us-east4'],
  },
  design: { queue: { broker } },
  load: { door, rate: '20/s', timeout: '40s' },
  warmup: '1s',
  duration: '16s',
  steadyState: { availability: { min: 0 } },
  faults: killings(victims, random),
  expect: { all: { lostJobs: { max: 0 }, duplicateAnswers: { max: 0 }, deadLetters: { max: 0 }, unfinishedJobs: { max: 0 } } },
});
