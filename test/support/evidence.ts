import { canonicalJson, sha256Of } from '../../harness/evidence/canonical.ts';
import type { EvidenceRun } from '../../harness/evidence/inputs.ts';
import { type ReportedRun, reportedRun } from '../../harness/evidence/reported-run.ts';
import { runScenario } from '../../harness/run.ts';
import { loadScenario } from '../../harness/scenario/load-scenario.ts';
import type { RunReport } from '../../harness/verdict/report.ts';
import { createSimWorld } from '../../harness/world/sim/sim-world.ts';

/** A shipped scenario's report from the simulated world. */
export const reportOf = async (scenario: string, designName?: string): Promise<RunReport> =>
  runScenario(createSimWorld(), await loadScenario(scenario), { seed: 1, ...(designName === undefined ? {} : { designName }) });

/** The same as evidence reads it from a file. */
export const asRead = (report: RunReport): ReportedRun => reportedRun.parse(JSON.parse(JSON.stringify(report)));

/** A run of which only the report is there. */
export const aRun = (report: RunReport): EvidenceRun => {
  const read = asRead(report);
  return { report: read, sha256: sha256Of(canonicalJson(read)), circumstances: null, sources: [] };
};
