/** A mark that wants a label, in pixels. */
export interface Labelled {
  readonly x: number;
  readonly y: number;
  /** Of the label. */
  readonly width: number;
}

/** A rectangle by its left, top, right and bottom edge, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface LabelRoom extends Box {
  readonly lineHeight: number;
  /** Half of a mark's width and height: no label stands on one. */
  readonly markRadius: number;
  /** What labels keep off where they can, beside marks: lines. */
  readonly obstacles?: readonly Box[];
}

/** Where a label begins and the middle of its line; null where it found no room. */
export type LabelPlace = { readonly x: number; readonly y: number } | null;

const GAP = 8;
/** Lines up or down that a label may move from its mark. */
const REACH = 12;

const overlaps = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const isInside = (box: Box, room: Box): boolean =>
  box.left >= room.left && box.right <= room.right && box.top >= room.top && box.bottom <= room.bottom;

const boxAt = (x: number, y: number, width: number, height: number): Box => ({
  left: x,
  right: x + width,
  top: y - height / 2,
  bottom: y + height / 2,
});

/** Beside the mark, then a line further up or down each time; the right side first. */
const placesOf = ({ x, y, width }: Labelled, { lineHeight, markRadius }: LabelRoom) => {
  const aside = markRadius + GAP;
  return Array.from({ length: REACH + 1 }, (_, lines) => lines)
    .flatMap((lines) => (lines === 0 ? [0] : [-lines, lines]))
    .flatMap((lines) => [
      { x: x + aside, y: y + lines * lineHeight },
      { x: x - aside - width, y: y + lines * lineHeight },
    ]);
};

/**
 * Finds each label a place near its mark where it covers no mark and no other label, and no line if there is such a place. Labels that come first have
 * the first choice.
 */
export const placeLabels = (labels: readonly Labelled[], room: LabelRoom): readonly LabelPlace[] => {
  const { markRadius, obstacles = [] } = room;
  const taken: Box[] = labels.map(({ x, y }) => boxAt(x - markRadius, y, 2 * markRadius, 2 * markRadius));
  return labels.map((label) => {
    const boxOf = ({ x, y }: { readonly x: number; readonly y: number }) => boxAt(x, y, label.width, room.lineHeight);
    const isFree = (box: Box, others: readonly Box[]) => isInside(box, room) && !others.some((other) => overlaps(box, other));
    const places = placesOf(label, room);
    // A label on a line can still be read; a point without one can't be told.
    const place =
      places.find((one) => isFree(boxOf(one), [...obstacles, ...taken])) ?? places.find((one) => isFree(boxOf(one), taken));
    if (!place) return null;
    taken.push(boxOf(place));
    return place;
  });
};
