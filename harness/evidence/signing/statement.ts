import { canonicalJson, sha256Of } from '../canonical.ts';
import type { EvidenceDocument } from '../document.ts';
import { bundleFiles, type Manifest } from '../manifest.ts';

type Verdict = EvidenceDocument['runs'][number]['verdict']['outcome'];

/** Of all runs together: one that failed decides, then one that could not be judged. */
const resultOf = (outcomes: readonly Verdict[]): 'PASSED' | 'WARNED' | 'FAILED' => {
  if (outcomes.includes('failed')) return 'FAILED';
  return outcomes.includes('invalid') ? 'WARNED' : 'PASSED';
};

/**
 * What is signed: an in-toto statement, version 1, whose subjects are the manifest and all files that it lists, with the predicate
 * test-result, version 0.1 (in-toto Attestation Framework, spec/predicates/test-result.md; read November 2026). A run that could not be
 * judged counts as warned: the predicate has nothing between that and failed.
 */
export const writeStatement = (manifestText: string, manifest: Manifest, { runs }: EvidenceDocument): string => {
  const named = (outcome: Verdict): readonly string[] =>
    runs.filter(({ verdict }) => verdict.outcome === outcome).map(({ id, scenario }) => `${id} ${scenario}`);
  return canonicalJson({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [
      { name: bundleFiles.manifest, digest: { sha256: sha256Of(manifestText) } },
      ...manifest.files.map(({ path, sha256 }) => ({ name: path, digest: { sha256 } })),
    ],
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: resultOf(runs.map(({ verdict }) => verdict.outcome)),
      configuration: runs.map(({ id, sha256 }) => ({ name: `${id} inputs`, digest: { sha256: sha256.inputs } })),
      passedTests: named('passed'),
      warnedTests: named('invalid'),
      failedTests: named('failed'),
    },
  });
};
