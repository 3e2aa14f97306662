import { createIssuer, type Issuer, type IssuerCommand } from '../../../mocks/identity/issuer.ts';
import type { NodeCommand, NodeKind } from '../nodes/node.ts';

/** Kind of the node, and the last part of its link's id. */
export const IDENTITY = 'identity';

const KNOWN: readonly IssuerCommand['type'][] = [
  'rotate',
  'disable-client',
  'enable-client',
  'revoke-scopes',
  'restore-scopes',
  'revoke-tokens',
  'set-clock-offset',
];

const isKnown = (command: NodeCommand): command is IssuerCommand & NodeCommand =>
  KNOWN.includes(command.type as IssuerCommand['type']);

/** @see NodeKind; who its clients are stands in the directory that it alone is told */
export const identityNode: NodeKind = {
  kind: IDENTITY,
  summary: 'Issues the tokens that callers and parts of the stack show each other, and says what has become of them.',
  isService: true,
  async create({ stack: { identity } }, { onEvent }) {
    if (!identity?.directory) throw new TypeError('The issuer is told no directory of its clients.');
    const issuer: Issuer = await createIssuer(identity.directory);
    return {
      fetch: issuer.fetch,
      start: async () => undefined,
      stop: () => undefined,
      async command(command) {
        if (!isKnown(command)) throw new TypeError(`An issuer knows no command ${command.type}.`);
        await issuer.control(command);
        onEvent(`identity: ${command.type}${'client' in command ? ` ${command.client}` : ''}`);
      },
    };
  },
};
