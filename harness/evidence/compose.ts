import { squallVersion } from '../version.ts';
import { canonicalJson, sha256OfValue } from './canonical.ts';
import type { Framework } from './control.ts';
import type { EvidenceDocument } from './document.ts';
import { evaluateControl } from './evaluate.ts';
import type { EvidenceRun } from './inputs.ts';
import type { BundleFile } from './manifest.ts';
import type { ReportedRun } from './reported-run.ts';

/** What a bundle says of itself, first of all. */
export const STATEMENT =
  'This bundle tells what runs of squall measured, against what was required of them, and which parts of which controls that bears on. It does not state that anything complies with any of these controls, frameworks or laws: that is for auditors and authorities, who have to look at much that no run of squall can show.';

export interface Composition {
  readonly runs: readonly EvidenceRun[];
  readonly frameworks: readonly Framework[];
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly signature: EvidenceDocument['signature'];
}

/** `run-01`, as many digits as the number of runs has, two at least. */
const runId = (index: number, count: number): string =>
  `run-${String(index + 1).padStart(Math.max(2, String(count).length), '0')}`;

const describeEnd = ({ type, atMs }: ReportedRun['end']): string => (atMs === undefined ? type : `${type} at ${atMs} ms`);

const ranOf = ({ report, circumstances }: EvidenceRun): EvidenceDocument['runs'][number]['ran'] => {
  if (circumstances) {
    const { startedAt, endedAt, node, platform, arch } = circumstances;
    return { startedAt, endedAt, on: `Node.js ${node}, ${platform} ${arch}` };
  }
  // The simulated world's clock is made up.
  return report.world === 'live' ? { startedAt: report.startedAt, endedAt: null, on: null } : null;
};

/** A run's files in the bundle. The report is written in the form that its check sum is of. */
export const filesOf = (run: EvidenceRun, id: string): readonly BundleFile[] => [
  { path: `runs/${id}/report.json`, data: Buffer.from(canonicalJson(run.report)) },
  ...run.sources.map(({ name, data }) => ({ path: `runs/${id}/${name}`, data })),
];

const describeRun = (run: EvidenceRun, id: string): EvidenceDocument['runs'][number] => {
  const { report, sha256: result } = run;
  const { provenance, verdict } = report;
  const system =
    report.sut === undefined
      ? { type: 'reference-stack' as const, name: report.design }
      : { type: 'other' as const, name: report.sut };
  const hashes = { scenario: provenance.scenario.sha256, design: provenance.design.sha256 };
  return {
    id,
    scenario: report.scenario,
    title: report.title,
    system,
    world: report.world,
    seed: report.seed,
    ran: ranOf(run),
    durationMs: report.durationMs,
    end: describeEnd(report.end),
    verdict: { outcome: verdict.outcome, reasons: verdict.outcome === 'passed' ? [] : verdict.reasons },
    faults: report.faults.map(({ name, kind, targets, atMs, forMs }) => ({
      name,
      kind,
      targets,
      atMs,
      forMs,
      tookPlace: report.events.some(({ text }) => text.startsWith(`fault ${name} started`)),
    })),
    expectations: report.expectations.map(({ text, outcome, isSteadyState }) => ({ text, outcome, isSteadyState })),
    method: report.method,
    files: filesOf(run, id).map(({ path }) => path),
    sha256: {
      result,
      ...hashes,
      scenarioFile: provenance.scenario.file?.sha256 ?? null,
      inputs: sha256OfValue({
        ...hashes,
        seed: report.seed,
        world: report.world,
        system: system.name,
        squall: provenance.squall,
      }),
    },
  };
};

/** What has to be known of all of these runs before any of them is read as evidence. */
const limitsOf = (runs: readonly EvidenceRun[]): readonly string[] => {
  const simulated = runs.filter(({ report }) => report.world === 'sim').length;
  const own = runs.filter(({ report }) => report.sut === undefined).length;
  return [
    ...(simulated > 0
      ? [
          `${simulated} of ${runs.length} runs took place in the simulated world: virtual time and network, no sockets, processes or disks. That is weaker evidence than runs with real ones.`,
        ]
      : []),
    ...(own > 0
      ? [
          `${own} of ${runs.length} runs tested the reference stack that comes with squall, in a design. They say something of that design, and nothing of another system, unless that is built the same way and was tested itself.`,
        ]
      : []),
    'The clouds were emulated on one machine. How a real cloud fails, and how fast it is, may differ.',
    'A run is a sample: one seed, one load, one order of faults. It shows what happened then, and not what would happen always.',
    'Which system is tested, with which requirements, is the choice of who runs squall; whether these suit the control is not judged.',
  ];
};

/** Makes the document: what was measured, by control. Nothing in it depends on anything but what is given. */
export const composeEvidence = ({ runs, frameworks, createdAt, createdBy, signature }: Composition): EvidenceDocument => {
  const ids = runs.map((_, index) => runId(index, runs.length));
  const reports = runs.map(({ report }) => report);
  return {
    schemaVersion: 1,
    type: 'squall-evidence',
    statement: STATEMENT,
    limits: [...limitsOf(runs)],
    createdAt,
    createdBy,
    squall: reports[0]!.provenance.squall,
    writtenBy: squallVersion(),
    signature,
    frameworks: frameworks.map(({ id, title, edition, sources, controls }) => ({
      id,
      title,
      edition,
      sources,
      controls: controls.map((control) => {
        const { status, parts } = evaluateControl(control, reports);
        return {
          id: control.id,
          title: control.title,
          asks: control.asks,
          status,
          parts: parts.map(({ part, status, runs: found }) => ({
            shows: part.shows,
            status,
            runs: found.map(({ run, faults, measured, ...rest }) => ({
              run: ids[run]!,
              faults: [...faults],
              measured: [...measured],
              ...rest,
            })),
          })),
          notShown: control.notShown,
        };
      }),
    })),
    runs: runs.map((run, index) => describeRun(run, ids[index]!)),
  };
};
