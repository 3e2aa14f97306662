import type { GraphQLError } from 'graphql';
import { createGraphQLError } from 'graphql-yoga';
import { FAILURES, failureOf } from '../doors/failures.ts';

/**
 * What the stack threw, as an error of GraphQL: the code in its extensions is what callers go by, and `status` is the HTTP status that the
 * REST door has for it, for those who know that better.
 */
export const graphqlErrorOf = (error: unknown): GraphQLError => {
  if (error instanceof Error && error.name === 'GraphQLError') return error as GraphQLError;
  const { kind, message, retryAfterMs } = failureOf(error);
  const { graphql: code, http: status } = FAILURES[kind];
  return createGraphQLError(message, { extensions: { code, status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } });
};
