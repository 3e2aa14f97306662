import { z } from 'zod';
import { explain } from '../scenario/explain.ts';
import { toxicKinds } from '../wire/toxics/index.ts';
import { defineFaultKind, type FaultEffect, type FaultToxic } from './kind.ts';

const BOTH = ['upstream', 'downstream'] as const;

const settings = z
  .strictObject({
    type: z
      .enum([...toxicKinds.keys()])
      .default('timeout')
      .describe('Which toxic; `squall list toxics` shows them and their attributes.'),
    stream: z
      .enum([...BOTH, 'both'])
      .default('downstream')
      .describe('Bytes towards the provider, towards the caller, or both.'),
    attributes: z
      .record(z.string(), z.unknown())
      .default({})
      .describe("The toxic's attributes, in Toxiproxy's names and units, e.g. { rate: 100 }."),
  })
  .superRefine(({ type, attributes }, context) => {
    const { attributes: schema } = toxicKinds.get(type)!;
    for (const name of Object.keys(attributes)) {
      if (Object.hasOwn(schema.shape, name)) continue;
      const known = Object.keys(schema.shape).join(', ');
      context.addIssue({ code: 'custom', path: ['attributes', name], message: `is no attribute of ${type}. Known: ${known}` });
    }
    const parsed = schema.safeParse(attributes, { error: explain });
    for (const { path, message } of parsed.success ? [] : parsed.error.issues) {
      context.addIssue({ code: 'custom', path: ['attributes', ...path], message });
    }
  });

const effect = ({ type, stream, attributes }: z.output<typeof settings>): FaultEffect => {
  const toxics: readonly FaultToxic[] = (stream === 'both' ? BOTH : [stream]).map((one) => ({ type, stream: one, attributes }));
  return { toxics: () => toxics };
};

/** What Toxiproxy calls a toxic: done to the bytes of connections, whatever they mean. */
export const toxic = defineFaultKind({
  kind: 'toxic',
  summary: 'Connections suffer as with Toxiproxy: bandwidth, slicing, loss, corruption, limits. In live only.',
  settings,
  appliesTo: () => true,
  live: effect,
});
