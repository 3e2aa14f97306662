import { z } from 'zod';
import { callerId } from '../identity/names.ts';
import { isNode, type ServiceLink } from '../topology/link.ts';

/** Whether it is the path to the issuer of the stack's tokens. */
export const isIdentity = (link: ServiceLink): boolean => isNode(link) && link.kind === 'identity';

/** Of the faults that are one caller's. */
export const tenantSetting = z
  .string()
  .regex(/^[\w.-]{0,64}$/, 'expected the name of a tenant')
  .default('')
  .describe("Whose it is, by the tenant's name; left out where the load has no tenants.");

/** The client of the issuer that it calls as. */
export const clientOf = ({ tenant }: { readonly tenant: string }): string => callerId(tenant);
