import type { FaultDraft } from '../incident.ts';

/** A scenario before it is written, with why each part is as it is. Times are of its own timeline. */
export interface ScenarioDraft {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Head of the file, a line each. */
  readonly head: readonly string[];
  readonly gateway: string;
  readonly regions: readonly RegionDraft[];
  readonly designs: Readonly<Record<string, unknown>> | null;
  readonly defaultDesign: string | null;
  readonly load: { readonly rate: string; readonly timeout: string };
  readonly warmup: string;
  readonly durationMs: number;
  readonly faults: readonly (FaultDraft & { readonly name: string })[];
  readonly steadyState: BoundsDraft | null;
  /** By phase. */
  readonly expect: Readonly<Record<string, BoundsDraft>>;
  readonly recorded: RecordedDraft | null;
}

export interface RegionDraft {
  /** As scenario files write a region: its name, or a mapping. */
  readonly entry: string | Readonly<Record<string, unknown>>;
  readonly because: string;
}

export interface BoundsDraft {
  readonly bounds: Readonly<Record<string, unknown>>;
  readonly because: string;
}

export interface RecordedDraft {
  readonly source: string;
  readonly stepMs: number;
  readonly curves: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}
