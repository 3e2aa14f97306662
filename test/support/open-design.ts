import { applyPatch } from '../../harness/serving/design/patch.ts';
import { referenceDesign } from '../../harness/serving/design/reference.ts';

/** The reference design where nobody asks who calls: for tests of its other policies. */
export const openDesign = applyPatch(referenceDesign, { identity: false });
