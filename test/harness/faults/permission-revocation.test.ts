import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SquallError } from '../../../harness/errors.ts';
import { bindFault } from '../../../harness/faults/bind.ts';
import { commandsAtEnd, commandsAtStart } from '../../../harness/faults/commands.ts';
import { findFaultKind } from '../../../harness/faults/index.ts';
import type { Fault } from '../../../harness/faults/kind.ts';
import { createPermissions } from '../../../mocks/cloud/permissions.ts';
import { awsEast, awsSecret, effectOf, links, problemsOf } from '../../support/faults.ts';

const settingsOf = (operation?: string) =>
  findFaultKind('permission-revocation')!.settings.parse(operation === undefined ? {} : { operation });

const fault = (targets: readonly string[], operation?: string, name = 'policy'): Fault => ({
  name,
  kind: 'permission-revocation',
  targets,
  atMs: 0,
  forMs: 1000,
  probability: 1,
  settings: settingsOf(operation),
});

const refusal = (given: Fault): string => {
  try {
    bindFault(given, 'sim', links);
  } catch (error) {
    if (error instanceof SquallError) return `${error.message} ${error.remedy}`;
  }
  throw new Error('bindFault did not refuse');
};

describe('a permission revocation', () => {
  it('takes every operation of the service, and gives them back when it ends', () => {
    expect(effectOf('permission-revocation').provider?.(awsEast)).toEqual({
      onStart: [{ type: 'set-permission', service: 'sagemaker-runtime', operation: '*', isAllowed: false }],
      onEnd: [{ type: 'set-permission', service: 'sagemaker-runtime', operation: '*', isAllowed: true }],
    });
  });

  it('takes the one that is named, where a service has it', () => {
    const effect = effectOf('permission-revocation', { operation: 'InvokeEndpoint' });
    expect(effect.provider?.(awsEast).onStart).toEqual([
      { type: 'set-permission', service: 'sagemaker-runtime', operation: 'InvokeEndpoint', isAllowed: false },
    ]);
    expect(effect.provider?.(awsSecret)).toEqual({ onStart: [], onEnd: [] });
    expect(bindFault(fault(['*'], 'score'), 'live', links).links.map(({ id }) => id)).toEqual([
      'azure/eastus/ml-online-endpoint',
    ]);
  });

  it('tells the account once, however many regions the service stands in', () => {
    expect(commandsAtStart(bindFault(fault(['aws']), 'live', links))).toHaveLength(1);
  });

  it('refuses targets that leave out a region of a service, for the account loses a permission everywhere', () => {
    expect(refusal(fault(['aws/us-east-1']))).toBe(
      "Fault policy: a permission is the account's, in all regions at once, and the target leaves aws/us-west-2/sagemaker-runtime out. Target aws/*/sagemaker-runtime.",
    );
    expect(bindFault(fault(['aws/us-east-1', 'aws/us-west-2']), 'live', links).links).toHaveLength(2);
    expect(bindFault(fault(['google/us-central1']), 'live', links).links).toHaveLength(1);
  });

  it('refuses an operation that no targeted service has, and names the nearest', () => {
    expect(refusal(fault(['aws'], 'InvokeEndpont'))).toContain(
      'no service that it targets has an operation InvokeEndpont that needs a permission. Did you mean "InvokeEndpoint"?',
    );
    expect(refusal(fault(['aws'], 'Predict'))).toContain('There are: InvokeEndpoint, InvokeEndpointWithResponseStream.');
  });

  it('refuses a target without permissions, and what is no operation', () => {
    expect(refusal(fault(['google/global/oauth2']))).toContain('target google/global/oauth2 matches no link');
    expect(problemsOf('permission-revocation', { operation: 'sage maker' })).toEqual([
      "operation: expected an operation by the cloud's own name, such as DetectLabels, or *",
    ]);
  });

  it('leaves the workload without exactly what the faults that still hold take, in whatever order they begin and end', () => {
    const operations = ['InvokeEndpoint', 'InvokeEndpointWithResponseStream'];
    const steps = fc.array(fc.constantFrom('*', ...operations), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(steps, (toggles) => {
        const permissions = createPermissions();
        const tell = (commands: ReturnType<typeof commandsAtStart>) => {
          for (const { command } of commands) {
            if (command.type !== 'set-permission') throw new Error(`unexpected ${command.type}`);
            permissions.set(command.service, command.operation, command.isAllowed);
          }
        };
        const holding = new Map<string, ReturnType<typeof bindFault>>();
        for (const operation of toggles) {
          const held = holding.get(operation);
          if (held) {
            holding.delete(operation);
            for (const commands of commandsAtEnd(held, holding.values())) tell(commands);
          } else {
            const bound = bindFault(fault(['aws'], operation, `takes-${operation.length}`), 'live', links);
            holding.set(operation, bound);
            tell(commandsAtStart(bound));
          }
          for (const name of operations) {
            expect(permissions.allows('sagemaker-runtime', name)).toBe(!holding.has('*') && !holding.has(name));
          }
        }
      }),
    );
  });
});
