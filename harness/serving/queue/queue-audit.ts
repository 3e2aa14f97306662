/** What a queue holds when the run ends, for the verdict. */
export interface QueueAudit {
  readonly type: 'queue';
  /** How many results each job has, by its id. */
  readonly answers: Readonly<Record<string, number>>;
  /** Ids of the jobs that were given up. */
  readonly deadLetters: readonly string[];
  /** Jobs that are neither done nor dead. */
  readonly open: number;
}
