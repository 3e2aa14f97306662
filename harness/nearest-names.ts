import leven from 'leven';

/** The known names by how few letters they are from the name, the nearest first. */
export const byNearness = (name: string, known: readonly string[]): readonly string[] =>
  known
    .map((candidate) => ({ candidate, distance: leven(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ candidate }) => candidate);

const MAX_DISTANCE = 3;

/** ` Did you mean "x"?` for the known name that is nearest, or nothing when none is near. */
export const nearestNames = (name: string, known: readonly string[]): string => {
  const nearest = known
    .map((candidate) => ({ candidate, distance: leven(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.min(MAX_DISTANCE, Math.ceil(candidate.length / 2)))
    .sort((a, b) => a.distance - b.distance)[0];
  return nearest ? ` Did you mean "${nearest.candidate}"?` : '';
};
