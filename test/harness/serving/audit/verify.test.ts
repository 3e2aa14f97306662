import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openAuditLog } from '../../../../harness/serving/audit/audit-log.ts';
import { hashOf, lineOf } from '../../../../harness/serving/audit/chain.ts';
import { createMemoryJournal } from '../../../../harness/serving/audit/journal.ts';
import { openSigningKey } from '../../../../harness/serving/audit/signing-key.ts';
import { verifyAudit } from '../../../../harness/serving/audit/verify.ts';

const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

const writeLog = async ({ isClosed = true, reads = 23 } = {}) => {
  const [entries, checkpoints, keys] = [createMemoryJournal(), createMemoryJournal(), createMemoryJournal()];
  const key = await openSigningKey(keys);
  const log = await openAuditLog({ entries, checkpoints, key, writer: 'stack/eu-west/data', checkpointEvery: 5, bufferMs: null });
  for (let read = 0; read < reads; read += 1) {
    await log.append({ type: 'read', id: `r-${read}`, tenant: 'clinic', dataset: 'patients', rows: read, text: 'ä "quoted" \\' });
  }
  if (isClosed) await log.close();
  // Checkpoints are signed beside what is read.
  await new Promise((resolve) => setTimeout(resolve, 5));
  return { lines: await entries.read(), points: await checkpoints.read(), publicKey: key.publicKey };
};

let log: Awaited<ReturnType<typeof writeLog>>;
beforeAll(async () => {
  log = await writeLog();
});

const flawOf = async (lines: readonly string[], points: readonly string[] = log.points) =>
  (await verifyAudit(textOf(lines), textOf(points), { publicKey: log.publicKey })).flaw;

describe('the verification of an audit log', () => {
  it('finds nothing in a log as it was written', async () => {
    const verdict = await verifyAudit(textOf(log.lines), textOf(log.points));
    expect(verdict).toMatchObject({ flaw: null, entries: 25, checkpoints: 6, unsealed: 0, publicKey: log.publicKey });
  });

  it('finds any change of any byte, in entries and in checkpoints', async () => {
    const texts = [textOf(log.lines), textOf(log.points)] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        async (which, place, change) => {
          const bytes = new TextEncoder().encode(texts[which]!);
          bytes[Math.floor(place * bytes.length)]! ^= change;
          const changed = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
          const pair = which === 0 ? ([changed, texts[1]] as const) : ([texts[0], changed] as const);
          expect((await verifyAudit(...pair, { publicKey: log.publicKey })).flaw).not.toBeNull();
        },
      ),
      { numRuns: 400 },
    );
  });

  it('finds any entry that is removed, any two that change places, and any that is there twice', async () => {
    const place = fc.nat(log.lines.length - 1);
    await fc.assert(
      fc.asyncProperty(place, place, async (a, b) => {
        const removed = await flawOf(log.lines.toSpliced(a, 1));
        expect(removed).toMatchObject(
          a === log.lines.length - 1 ? { kind: 'truncated', line: a + 1 } : { kind: 'removed', line: a + 1 },
        );
        expect(await flawOf(log.lines.toSpliced(b, 0, log.lines[a]!))).not.toBeNull();
        if (a === b) return;
        const [first, second] = [Math.min(a, b), Math.max(a, b)];
        const swapped = log.lines.with(first, log.lines[second]!).with(second, log.lines[first]!);
        expect(await flawOf(swapped)).toMatchObject({ kind: 'reordered', line: first + 1 });
      }),
    );
  });

  it('finds an end that was cut off, however much of it', async () => {
    for (let length = 0; length < log.lines.length; length += 1) {
      expect(await flawOf(log.lines.slice(0, length))).toMatchObject({ kind: 'truncated' });
    }
    const both = await flawOf(log.lines.slice(0, 10), log.points.slice(0, 2));
    expect(both).toMatchObject({ kind: 'truncated', file: 'checkpoints', line: 3 });
  });

  it('finds an entry that a forger inserts with a hash of its own', async () => {
    const before = JSON.parse(log.lines[6]!) as { hash: string };
    const open = { seq: 7, at: '2026-11-27T00:00:00.000Z', event: { type: 'read', tenant: 'x' }, prev: before.hash };
    const forged = lineOf({ ...open, hash: hashOf(open) });
    expect(await flawOf(log.lines.toSpliced(7, 0, forged))).toMatchObject({ kind: 'inserted', line: 9 });
    expect(await flawOf(log.lines.with(7, forged))).toMatchObject({ kind: 'changed', line: 9 });
  });

  it('finds a log that was written anew from its beginning, by who must have signed it', async () => {
    const forged = await writeLog({ reads: 3 });
    expect((await verifyAudit(textOf(forged.lines), textOf(forged.points))).flaw).toBeNull();
    const held = await verifyAudit(textOf(forged.lines), textOf(forged.points), { publicKey: log.publicKey });
    expect(held.flaw).toMatchObject({ kind: 'changed', file: 'checkpoints', line: 1 });
  });

  it('takes a log that was not closed for what it is only when told so', async () => {
    const open = await writeLog({ isClosed: false });
    expect((await verifyAudit(textOf(open.lines), textOf(open.points))).flaw).toMatchObject({ kind: 'truncated' });
    expect(await verifyAudit(textOf(open.lines), textOf(open.points), { isOpen: true })).toMatchObject({
      flaw: null,
      unsealed: 4,
    });
  });

  it('finds what follows the end', async () => {
    const last = JSON.parse(log.lines.at(-1)!) as { seq: number; hash: string };
    const open = { seq: last.seq + 1, at: '2026-11-27T00:00:00.000Z', event: { type: 'read' }, prev: last.hash };
    expect(await flawOf([...log.lines, lineOf({ ...open, hash: hashOf(open) })])).toMatchObject({ kind: 'inserted', line: 26 });
  });
});
