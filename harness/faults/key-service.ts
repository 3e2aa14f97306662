import type { ServiceLink } from '../topology/link.ts';

/** Whether it is the path to a cloud's key service. */
export const hasKeys = ({ role }: ServiceLink): boolean => role === 'key';
