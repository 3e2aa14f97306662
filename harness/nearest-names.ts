import leven from 'leven';

const MAX_DISTANCE = 3;

/** ` Did you mean "x"?` for the known name that is nearest, or nothing when none is near. */
export const nearestNames = (name: string, known: readonly string[]): string => {
  const nearest = known
    .map((candidate) => ({ candidate, distance: leven(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.min(MAX_DISTANCE, Math.ceil(candidate.length / 2)))
    .sort((a, b) => a.distance - b.distance)[0];
  return nearest ? ` Did you mean "${nearest.candidate}"?` : '';
};
