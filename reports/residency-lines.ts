import { formatTime } from '../harness/verdict/format.ts';
import type { ResidencyFacts } from '../harness/verdict/residency.ts';
import { columns, plain } from './layout.ts';

const UNKNOWN = '?';

/** Where data went that has to stay somewhere: whose, from where, to where, by what right; what had none comes first. */
export const residencyLines = (residency: ResidencyFacts | undefined): readonly string[] => {
  if (!residency || residency.places.length === 0) return [];
  const first = (by: string | null) => (by === null ? 0 : by === 'home' ? 2 : 1);
  return columns({
    head: ['whose', 'what', 'within', 'from', 'to', 'region', 'rows', 'by', 'seen by'],
    rows: residency.places
      .toSorted((a, b) => first(a.by) - first(b.by) || b.rows - a.rows)
      .map(({ tenant, what, within, from, to, link, rows, by, seenByMs }) => [
        plain(tenant),
        what,
        within,
        from,
        to ?? UNKNOWN,
        plain(link.split('/').slice(0, 2).join('/')),
        String(rows),
        by ?? 'NO RIGHT',
        formatTime(Math.max(0, seenByMs)),
      ]),
    align: ['left', 'left', 'left', 'left', 'left', 'left', 'right', 'left', 'right'],
  });
};
