import type { ServiceLink } from '../topology/link.ts';

/**
 * What the reference stack calls a link's endpoint by, in both worlds: `sagemaker-runtime.us-east-1.aws.test`, `queue.us-east.stack.test`. RFC 6761
 * keeps `.test` from ever being a real host's.
 */
export const hostOf = ({ service, region, provider }: ServiceLink): string => `${service}.${region}.${provider}.test`;
