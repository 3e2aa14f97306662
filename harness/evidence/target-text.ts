import { matchesPattern } from '../faults/pattern.ts';

/** Whether a link's id, `provider/region/service`, is within a fault's target, which may leave parts out at the end. */
export const matchesTargetText = (target: string, link: string): boolean => {
  const parts = link.split('/');
  return target.split('/').every((pattern, index) => matchesPattern(pattern, parts[index] ?? ''));
};
