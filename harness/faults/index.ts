import type { FaultKind } from './kind.ts';
import * as kinds from './kinds.ts';

/** Every fault kind, in the order of the names of their exports. */
export const faultKinds: readonly FaultKind[] = Object.values(kinds);

/** The kind of that name, `undefined` where there is none. */
export const findFaultKind = (name: string): FaultKind | undefined => faultKinds.find(({ kind }) => kind === name);
