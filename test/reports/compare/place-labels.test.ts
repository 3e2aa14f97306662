import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeLabels } from '../../../reports/compare/place-labels.ts';

const room = { left: 0, top: 0, right: 600, bottom: 400, lineHeight: 18, markRadius: 7 };
const label = fc.record({
  x: fc.integer({ min: 10, max: 590 }),
  y: fc.integer({ min: 10, max: 390 }),
  width: fc.integer({ min: 10, max: 160 }),
});

describe('labels of marks', () => {
  it('stand to the right, or to the left where the right has no room', () => {
    const places = placeLabels(
      [
        { x: 100, y: 200, width: 50 },
        { x: 580, y: 200, width: 50 },
      ],
      room,
    );
    expect(places).toEqual([
      { x: 115, y: 200 },
      { x: 515, y: 200 },
    ]);
  });

  it('of marks at one place stand below and above each other', () => {
    const places = placeLabels(
      Array.from({ length: 5 }, () => ({ x: 300, y: 200, width: 80 })),
      room,
    );
    expect(new Set(places.map((place) => `${place?.x} ${place?.y}`)).size).toBe(5);
    expect(places).not.toContain(null);
  });

  it('never cover each other, and stay inside, for any marks', () => {
    fc.assert(
      fc.property(fc.array(label, { maxLength: 12 }), (labels) => {
        const boxes = placeLabels(labels, room).flatMap((place, index) =>
          place ? [{ left: place.x, right: place.x + labels[index]!.width, top: place.y - 9, bottom: place.y + 9 }] : [],
        );
        boxes.forEach((a, index) => {
          expect(a.left >= room.left && a.right <= room.right && a.top >= room.top && a.bottom <= room.bottom).toBe(true);
          for (const b of boxes.slice(index + 1)) {
            expect(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).toBe(false);
          }
        });
      }),
    );
  });
});

it('a label with nowhere to stand but on a line stands there: every point is told', () => {
  const everywhere = [{ left: 0, top: 0, right: 600, bottom: 400 }];
  const places = placeLabels([{ x: 100, y: 200, width: 50 }], { ...room, obstacles: everywhere });
  expect(places).toEqual([{ x: 115, y: 200 }]);
});
