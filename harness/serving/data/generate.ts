import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Dataset, DatasetColumn, DatasetRow } from './dataset.ts';

/** Draws of one dataset: uniform in [0, 1), and of a standard normal distribution. */
interface Draws {
  uniform(): number;
  normal(): number;
}

/** A kind of rows: its columns, and how a row is drawn. No row is of a person: all are drawn. */
export interface DatasetKind {
  /** One sentence. */
  readonly summary: string;
  readonly columns: readonly DatasetColumn[];
  row(draws: Draws): DatasetRow;
}

const column = (name: string, unit: string, min: number, max: number): DatasetColumn => ({ name, unit, min, max });

const logistic = (value: number): number => 1 / (1 + Math.exp(-value));

/** Every kind of dataset; docs/data.md has the distributions in words. */
export const datasetKinds: Readonly<Record<string, DatasetKind>> = {
  patients: {
    summary: 'Synthetic patients: age, sex, body-mass index, blood pressure, smoker, diabetic, district.',
    columns: [
      column('age', 'years', 0, 100),
      column('sex', '', 0, 1),
      column('bmi', 'kg/m2', 12, 60),
      column('systolic', 'mmHg', 80, 220),
      column('smoker', '', 0, 1),
      column('diabetic', '', 0, 1),
      column('district', '', 0, 9),
    ],
    row({ uniform, normal }) {
      const age = Math.floor(48 + 20 * normal());
      const sex = uniform() < 0.5 ? 0 : 1;
      const bmi = Math.round(10 * 26 * Math.exp(0.18 * normal())) / 10;
      const systolic = Math.round(100 + 0.5 * age + 12 * normal());
      const smoker = uniform() < 0.2 ? 1 : 0;
      const diabetic = uniform() < logistic(-6.5 + 0.04 * age + 0.1 * bmi) ? 1 : 0;
      return [age, sex, bmi, systolic, smoker, diabetic, Math.floor(10 * uniform())];
    },
  },
  payments: {
    summary: 'Synthetic payments: amount, hour of the day, whether the card was there, whether it was fraud.',
    columns: [
      column('amount', 'USD', 0, 5000),
      column('hour', 'h', 0, 23),
      column('card-present', '', 0, 1),
      column('fraud', '', 0, 1),
    ],
    row({ uniform, normal }) {
      const amount = Math.round(100 * 40 * Math.exp(1.1 * normal())) / 100;
      const hour = Math.floor(14 + 4 * normal());
      const present = uniform() < 0.7 ? 1 : 0;
      const fraud = uniform() < (present === 1 ? 0.001 : 0.01) ? 1 : 0;
      return [amount, hour, present, fraud];
    },
  },
};

export const datasetKindNames = Object.keys(datasetKinds) as readonly string[];

/** FNV-1a, so that two datasets of one seed have rows of their own. */
const mixed = (seed: number, name: string): number => {
  let hash = seed ^ 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash | 0;
};

const drawsOf = (seed: number): Draws => {
  const generator = xoroshiro128plus(seed);
  const uniform = () => uniformFloat64(generator);
  return {
    uniform,
    // Box-Muller; 1 - uniform() keeps the logarithm's argument above 0.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
};

/** The columns of a dataset. */
export const columnsOf = ({ kind }: Pick<Dataset, 'kind'>): readonly DatasetColumn[] => datasetKinds[kind]!.columns;

/** All rows of a dataset: the same for the same declaration, in any world. Values are within the bounds of their columns. */
export const generateRows = ({ name, kind, rows, seed }: Dataset): readonly DatasetRow[] => {
  const { columns, row } = datasetKinds[kind]!;
  const draws = drawsOf(mixed(seed, name));
  return Array.from({ length: rows }, () =>
    row(draws).map((value, index) => Math.min(columns[index]!.max, Math.max(columns[index]!.min, value))),
  );
};
