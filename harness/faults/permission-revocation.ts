import { z } from 'zod';
import { nearestNames } from '../nearest-names.ts';
import type { ServiceLink } from '../topology/link.ts';
import { defineFaultKind, type FaultEffect, type FaultKind } from './kind.ts';

const ANY = '*';

/** As many names as a message can list. */
const MAX_LISTED = 12;

const settings = z.strictObject({
  operation: z
    .string()
    .regex(/^(?:\*|[A-Za-z][\w.-]*)$/, { error: "expected an operation by the cloud's own name, such as DetectLabels, or *" })
    .default(ANY)
    .describe(
      "Operation that the workload may not call any more, by the cloud's own name, such as InvokeEndpoint; * is all of the targeted services.",
    ),
});

type Settings = z.output<typeof settings>;

const takesIn = (operation: string, { operations = [] }: ServiceLink): boolean =>
  operation === ANY ? operations.length > 0 : operations.includes(operation);

const effect = ({ operation }: Settings): FaultEffect => ({
  provider(link) {
    if (!takesIn(operation, link)) return { onStart: [], onEnd: [] };
    const permission = { type: 'set-permission', service: link.service, operation } as const;
    return { onStart: [{ ...permission, isAllowed: false }], onEnd: [{ ...permission, isAllowed: true }] };
  },
});

const unknownOperation = (operation: string, known: readonly string[]) => ({
  message: `no service that it targets has an operation ${operation} that needs a permission.${nearestNames(operation, known)}`,
  remedy:
    known.length <= MAX_LISTED
      ? `There are: ${known.join(', ')}.`
      : '`squall providers --json` lists the operations of each service.',
});

const checkTargets: NonNullable<FaultKind<typeof settings>['checkTargets']> = ({ operation }, targeted, links) => {
  const known = [...new Set(targeted.flatMap(({ operations = [] }) => operations))];
  if (known.length === 0) return undefined;
  const acted = targeted.filter((link) => takesIn(operation, link));
  if (acted.length === 0) return unknownOperation(operation, known);
  const isSibling = (link: ServiceLink) =>
    acted.some(({ provider, service }) => provider === link.provider && service === link.service);
  const leftOut = links.find((link) => takesIn(operation, link) && isSibling(link) && !acted.includes(link));
  if (!leftOut) return undefined;
  return {
    message: `a permission is the account's, in all regions at once, and the target leaves ${leftOut.id} out.`,
    remedy: `Target ${leftOut.provider}/*/${leftOut.service}.`,
  };
};

/** Somebody has changed a policy: who calls is known still, and may not do it any more. */
export const permissionRevocation = defineFaultKind({
  kind: 'permission-revocation',
  summary:
    "The workload loses a permission while its credential stays good: the services deny what needs it, in all of the cloud's regions.",
  settings,
  appliesTo: ({ operations }) => operations !== undefined,
  checkTargets,
  live: effect,
  sim: effect,
});
