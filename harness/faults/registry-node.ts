import { isNode, type ServiceLink } from '../topology/link.ts';

/** Whether it is the path to a replica of the stack's model registry. */
export const isRegistry = (link: ServiceLink): boolean => isNode(link) && link.kind === 'registry';
