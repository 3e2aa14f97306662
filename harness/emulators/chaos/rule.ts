import { z } from 'zod';

/** Named, for zod says of text in its place that a number was expected. */
const integer = () => z.int('integer');

/**
 * A rule of LocalStack's Chaos API, as its users write it: what is left out matches everything.
 *
 * Source of names, patterns, bounds and defaults: `FaultRule` in LocalStack's own OpenAPI document (in `localstack-ext` 4.14.0) and
 * docs.localstack.cloud, "Chaos API"; both read November 2026.
 */
export const faultRule = z.strictObject({
  /** Name of a region, e.g. `us-east-1`. */
  region: z
    .string()
    .regex(/^[a-zA-Z0-9-]+$/)
    .optional(),
  /** Name of a service as boto3 knows it, e.g. `sagemaker-runtime`. A service that is not emulated is taken, and matches nothing. */
  service: z
    .string()
    .regex(/^[a-zA-Z0-9-_]+$/)
    .optional(),
  /** Name of an operation, e.g. `DetectLabels`. LocalStack takes letters alone, and so no rule for `ListObjectsV2`. */
  operation: z
    .string()
    .regex(/^[a-zA-Z]+(V[0-9]+)?$/)
    .optional(),
  /** 0..1, default 1: share of the requests it matches that it fails. */
  probability: z.number().min(0).max(1).optional(),
  /** For people: it changes nothing. */
  description: z.string().max(8192).optional(),
  error: z
    .strictObject({
      /** HTTP status, 400..599, default 503. */
      statusCode: integer().min(400).max(599).optional(),
      /** Name of the error, default `ServiceUnavailable`. */
      code: z
        .string()
        .regex(/^[a-zA-Z0-9]+$/)
        .optional(),
    })
    .optional(),
});

export type FaultRule = z.output<typeof faultRule>;

/** Most rules that hold at a time. LocalStack names no limit. */
export const MAX_RULES = 1000;

export const faultRules = z.array(faultRule);

/** Longest latency, milliseconds: the longest that a timer runs. LocalStack names no limit. */
const MAX_LATENCY_MS = 2 ** 31 - 1;

/** What is done to every call, besides its faults. */
export const networkEffects = z.strictObject({
  /** Milliseconds, whole. */
  latency: integer().min(0).max(MAX_LATENCY_MS),
});

export type NetworkEffects = z.output<typeof networkEffects>;

/** A request of an AWS API, as rules see it. */
export interface ServiceCall {
  readonly service: string;
  readonly region: string;
  /** Empty where it is none that is known. */
  readonly operation: string;
}

/** What a rule answers with. */
export interface SimulatedError {
  readonly statusCode: number;
  readonly code: string;
}

/** Whether the rule is for requests such as this one, whatever the operation. */
export const isForEndpoint = ({ service, region }: FaultRule, call: Omit<ServiceCall, 'operation'>): boolean =>
  (service ?? call.service) === call.service && (region ?? call.region) === call.region;

export const isForCall = (rule: FaultRule, call: ServiceCall): boolean =>
  isForEndpoint(rule, call) && (rule.operation ?? call.operation) === call.operation;

export const errorOf = ({ error }: FaultRule): SimulatedError => ({
  statusCode: error?.statusCode ?? 503,
  code: error?.code ?? 'ServiceUnavailable',
});

/** All members of a rule and of its error. */
const MEMBERS = ['region', 'service', 'operation', 'probability', 'description', 'error', 'statusCode', 'code'];

/** The rule with its members in one order: two rules are one when they say the same. A default that is written down is said. */
export const textOf = (rule: FaultRule): string => JSON.stringify(rule, MEMBERS);
