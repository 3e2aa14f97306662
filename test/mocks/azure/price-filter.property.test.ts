import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BadFilter, type FieldTest, type PriceFilter, parsePriceFilter } from '../../../mocks/azure/price-filter.ts';
import { matchesFilter } from '../../../mocks/azure/price-match.ts';

const field = fc.constantFrom('armRegionName', 'skuName', 'retailPrice', 'type', 'contains', 'eq', 'and');
const value = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
);
const fieldTest: fc.Arbitrary<FieldTest> = fc.oneof(
  fc.record({
    type: fc.constant('compare' as const),
    field,
    operator: fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le'),
    value,
  }),
  fc.record({
    type: fc.constant('call' as const),
    name: fc.constantFrom('contains', 'startswith', 'endswith'),
    field,
    value: fc.string(),
  }),
);

/** Trees of up to sixteen tests: the service takes twenty. */
const filters = (depth: number): fc.Arbitrary<PriceFilter> => {
  if (depth === 0) return fieldTest;
  const deeper = filters(depth - 1);
  return fc.oneof(
    fieldTest,
    fc.record({ type: fc.constant('and' as const), left: deeper, right: deeper }),
    fc.record({ type: fc.constant('or' as const), left: deeper, right: deeper }),
  );
};

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Writes a filter with a bracket around each pair. */
const format = (filter: PriceFilter): string => {
  if ('left' in filter) return `(${format(filter.left)} ${filter.type} ${format(filter.right)})`;
  if (filter.type === 'call') return `${filter.name}(${filter.field},${quote(filter.value)})`;
  return `${filter.field} ${filter.operator} ${typeof filter.value === 'string' ? quote(filter.value) : filter.value}`;
};

test('a filter is read as it was written', () => {
  fc.assert(
    fc.property(filters(4), (filter) => {
      expect(parsePriceFilter(format(filter))).toEqual(filter);
    }),
  );
});

test('and binds tighter than or', () => {
  fc.assert(
    fc.property(fieldTest, fieldTest, fieldTest, (a, b, c) => {
      const [left, middle, right] = [format(a), format(b), format(c)];
      expect(parsePriceFilter(`${left} or ${middle} and ${right}`)).toEqual(
        parsePriceFilter(`${left} or (${middle} and ${right})`),
      );
    }),
  );
});

test('any text is a filter or a BadFilter, never another error', () => {
  const tokens = fc.constantFrom('(', ')', ',', ' and ', ' or ', ' eq ', "'x'", ' type ', '1', 'contains', '-', "'");
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(tokens).map((parts) => parts.join('')),
      ),
      (text) => {
        try {
          parsePriceFilter(text);
        } catch (error) {
          expect(error).toBeInstanceOf(BadFilter);
        }
      },
    ),
  );
});

test('a price passes the comparison with its own value, and not its opposite', () => {
  fc.assert(
    fc.property(fc.string(), fc.boolean(), (text, isCaseSensitive) => {
      const passes = (operator: string) =>
        matchesFilter({ skuName: text }, parsePriceFilter(`skuName ${operator} ${quote(text)}`), isCaseSensitive);
      expect(['eq', 'ge', 'le'].map(passes)).toEqual([true, true, true]);
      expect(['ne', 'gt', 'lt'].map(passes)).toEqual([false, false, false]);
    }),
  );
});
