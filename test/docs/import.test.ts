import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importFormats } from '../../harness/import/formats/index.ts';
import { importLimits } from '../../harness/import/limits.ts';
import { fieldNames } from '../../harness/import/rows/fields.ts';
import { packageRoot } from '../../harness/package-root.ts';
import { recordedBlock } from '../../harness/scenario/recorded-block.ts';
import { MIN_CALLS } from '../../harness/verdict/curves.ts';

const text = readFileSync(join(packageRoot, 'docs/import.md'), 'utf8');

describe('docs/import.md', () => {
  it('tells of every format, field and part of the block', () => {
    expect(importFormats.map(({ name }) => name).filter((name) => !text.includes(`| \`${name}\``))).toEqual([]);
    expect(fieldNames.filter((name) => !text.includes(`| \`${name}\``))).toEqual([]);
    const points = recordedBlock.shape.curves;
    expect(points).toBeDefined();
    expect(['at', 'errorRate', 'p50', 'p99', 'price', 'step'].filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('tells of the limits', () => {
    expect(text).toContain(`${importLimits.fileBytes / 1_000_000} MB`);
    expect(text).toContain(`rows at most ${importLimits.rows.toLocaleString('en')}`);
    expect(text).toContain(`at most ${importLimits.calls.toLocaleString('en')} calls`);
    expect(text.replace(/\s+/g, ' ')).toContain(
      `fewer than ${MIN_CALLS.errorRate} calls has no error rate and no median, one with fewer than ${MIN_CALLS.p99Ms}`,
    );
  });
});
