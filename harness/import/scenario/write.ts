import { Document, isMap, isSeq, type Node } from 'yaml';
import { durationText } from '../fit/text.ts';
import type { Unimported } from '../incident.ts';
import { importLimits } from '../limits.ts';
import type { ScenarioDraft } from './draft.ts';

const WIDTH = 120;

/** Comments as wide as the rest of the file. */
const comment = (text: string, indent = 0): string => {
  const lines: string[] = [];
  let line = '';
  for (const word of text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH - indent - 2) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => ` ${one}`).join('\n');
};

const contentOf = (draft: ScenarioDraft) => ({
  name: draft.name,
  title: draft.title,
  description: draft.description,
  topology: { gateway: draft.gateway, regions: draft.regions.map(({ entry }) => entry) },
  ...(draft.designs ? { designs: draft.designs } : {}),
  ...(draft.defaultDesign === null ? {} : { defaultDesign: draft.defaultDesign }),
  load: draft.load,
  warmup: draft.warmup,
  duration: durationText(draft.durationMs),
  faults: draft.faults.map(({ name, kind, target, atMs, forMs, probability, settings }) => ({
    name,
    kind,
    target,
    at: durationText(atMs),
    for: durationText(forMs),
    ...(probability === undefined ? {} : { probability }),
    ...settings,
  })),
  ...(draft.steadyState ? { steadyState: draft.steadyState.bounds } : {}),
  expect: Object.fromEntries(Object.entries(draft.expect).map(([phase, { bounds }]) => [phase, bounds])),
  ...(draft.recorded
    ? { recorded: { source: draft.recorded.source, step: durationText(draft.recorded.stepMs), curves: draft.recorded.curves } }
    : {}),
});

/** Comments by the way to the node that they stand before. */
const commentsOf = (draft: ScenarioDraft): readonly (readonly [path: readonly (string | number)[], text: string])[] => [
  ...draft.regions.map(({ because }, index) => [['topology', 'regions', index], because] as const),
  ...draft.faults.map(({ because }, index) => [['faults', index], because] as const),
  ...(draft.designs
    ? [
        [
          ['designs', Object.keys(draft.designs)[0]!],
          'The caller of the recording: nothing is retried, hedged or kept from a region, so that what is measured is what the regions did.',
        ] as const,
      ]
    : []),
];

/** A mapping's key bears its comment; a list's item is its own place. */
const setComment = (document: Document, path: readonly (string | number)[], text: string): void => {
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1)!;
  const node = isSeq(parent)
    ? (parent.items[last as number] as Node | undefined)
    : isMap(parent)
      ? (parent.items.find(({ key }) => String(key) === String(last))?.key as Node | undefined)
      : undefined;
  if (node) node.commentBefore = comment(text, 2 * path.length);
};

const unimportedHead = (unimported: readonly Unimported[]): readonly string[] =>
  unimported.length === 0
    ? []
    : [
        '',
        'Not imported:',
        ...unimported.slice(0, importLimits.listed).map(({ what, where, why }) => `- ${what} (${where}): ${why}`),
        ...(unimported.length > importLimits.listed ? [`- and ${unimported.length - importLimits.listed} more`] : []),
      ];

/** Mappings that are short enough to read stand on one line: bounds, and points of curves. */
const flatten = (document: Document): void => {
  for (const phase of ['expect'] as const) {
    const phases = document.getIn([phase], true);
    for (const { value } of isMap(phases) ? phases.items : []) {
      for (const pair of isMap(value) ? value.items : []) if (isMap(pair.value)) pair.value.flow = true;
    }
  }
  const steady = document.getIn(['steadyState'], true);
  for (const { value } of isMap(steady) ? steady.items : []) if (isMap(value)) value.flow = true;
  const curves = document.getIn(['recorded', 'curves'], true);
  for (const { value } of isMap(curves) ? curves.items : []) {
    for (const point of isSeq(value) ? value.items : []) if (isMap(point)) point.flow = true;
  }
};

/** The scenario file: YAML, with a comment where something comes from the recording. */
export const writeScenario = (draft: ScenarioDraft, unimported: readonly Unimported[]): string => {
  const document = new Document(contentOf(draft), { aliasDuplicateObjects: false });
  flatten(document);
  for (const [path, text] of commentsOf(draft)) setComment(document, path, text);
  for (const [phase, { because }] of Object.entries(draft.expect)) setComment(document, ['expect', phase], because);
  const keys = isMap(document.contents) ? document.contents.items : [];
  for (const { key } of keys.slice(1)) if (!['title', 'description'].includes(String(key))) (key as Node).spaceBefore = true;
  if (draft.steadyState) setComment(document, ['steadyState'], draft.steadyState.because);
  if (draft.recorded) setComment(document, ['recorded'], 'What was recorded: the report lays it over what the run gives.');
  document.commentBefore = [...draft.head, ...unimportedHead(unimported)]
    .map((line) => (line === '' ? '' : comment(line)))
    .join('\n');
  return document.toString({ lineWidth: WIDTH, flowCollectionPadding: true });
};
