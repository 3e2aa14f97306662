import type { Provenance } from '../verdict/report.ts';
import { squallVersion } from '../version.ts';
import type { RunPlan } from '../world/world.ts';
import { sha256Of, sha256OfValue } from './canonical.ts';

/** What a plan is made of, by check sums. Of the scenario's designs only the one that runs counts. */
export const provenanceOf = ({ scenario: { file, designs: _, ...scenario }, design }: RunPlan): Provenance => ({
  squall: squallVersion(),
  scenario: {
    sha256: sha256OfValue(scenario),
    ...(file ? { file: { name: file.name, sha256: sha256Of(file.text) } } : {}),
  },
  design: { sha256: sha256OfValue(design) },
});
