/** An event as the metadata endpoint tells it. Source: "Azure Metadata Service: Scheduled Events for Linux VMs"; read November 2026. */
export interface ScheduledEvent {
  readonly EventId: string;
  readonly EventStatus: 'Scheduled' | 'Started';
  readonly EventType: 'Preempt';
  readonly ResourceType: 'VirtualMachine';
  readonly Resources: readonly string[];
  /** After this the event can start, in RFC 1123's form; empty once it has. */
  readonly NotBefore: string;
  readonly Description: string;
  readonly EventSource: 'Platform';
  /** Seconds that the event takes; -1 for what is not undone, or not known. */
  readonly DurationInSeconds: number;
}

/** Least notice of a `Preempt`, milliseconds. Source: as above. */
export const PREEMPT_NOTICE_MS = 30_000;

/** What is announced to the machines of each region. */
export interface ScheduledEvents {
  /** Tells that a machine is taken, and takes it after the notice, or when the event is acknowledged, whichever is first. */
  preempt(region: string, machine: string, take: () => Promise<void>, noticeMs?: number): void;
  /**
   * Lets events begin at once.
   * @returns false, and nothing begins, where one of them is not there
   */
  start(region: string, eventIds: readonly string[]): boolean;
  /** The document, whose incarnation counts its changes. */
  document(region: string): { readonly DocumentIncarnation: number; readonly Events: readonly ScheduledEvent[] };
}

interface Pending {
  event: ScheduledEvent;
  readonly timer: ReturnType<typeof setTimeout>;
  begin(): void;
}

export const createScheduledEvents = (): ScheduledEvents => {
  const regions = new Map<string, { incarnation: number; readonly pending: Map<string, Pending> }>();
  const at = (region: string) => {
    const known = regions.get(region) ?? { incarnation: 1, pending: new Map<string, Pending>() };
    regions.set(region, known);
    return known;
  };

  return {
    preempt(region, machine, take, noticeMs = PREEMPT_NOTICE_MS) {
      const here = at(region);
      const EventId = crypto.randomUUID().toUpperCase();
      const begin = () => {
        const pending = here.pending.get(EventId);
        if (!pending || pending.event.EventStatus === 'Started') return;
        clearTimeout(pending.timer);
        pending.event = { ...pending.event, EventStatus: 'Started', NotBefore: '' };
        here.incarnation += 1;
        void take().finally(() => {
          here.pending.delete(EventId);
          here.incarnation += 1;
        });
      };
      const event: ScheduledEvent = {
        EventId,
        EventStatus: 'Scheduled',
        EventType: 'Preempt',
        ResourceType: 'VirtualMachine',
        Resources: [machine],
        NotBefore: new Date(Date.now() + noticeMs).toUTCString(),
        Description: 'Spot virtual machine is going to be evicted.',
        EventSource: 'Platform',
        DurationInSeconds: -1,
      };
      here.pending.set(EventId, { event, timer: setTimeout(begin, noticeMs), begin });
      here.incarnation += 1;
    },

    start(region, eventIds) {
      const asked = eventIds.map((eventId) => at(region).pending.get(eventId.toUpperCase()));
      const known = asked.filter((pending) => pending !== undefined);
      if (known.length < asked.length) return false;
      for (const pending of known) pending.begin();
      return true;
    },

    document: (region) => ({
      DocumentIncarnation: at(region).incarnation,
      Events: [...at(region).pending.values()].map(({ event }) => event),
    }),
  };
};
