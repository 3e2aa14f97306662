import { Command, InvalidArgumentError } from 'commander';
import { SquallError } from '../../harness/errors.ts';
import { nearestNames } from '../../harness/nearest-names.ts';
import { accuracyReport } from '../../harness/privacy/accuracy-curve.ts';
import { loadScenario } from '../../harness/scenario/load-scenario.ts';
import { type Design, policies } from '../../harness/serving/design/policies.ts';
import { defaultsOf } from '../../harness/serving/design/policy.ts';
import { referenceDesign } from '../../harness/serving/design/reference.ts';
import { privacyText } from '../../reports/privacy/text.ts';
import { outputFile } from '../output-file.ts';

interface PrivacyFlags {
  readonly dataset?: string;
  readonly design?: string;
  readonly seed: number;
  readonly draws: number;
  readonly plot?: string;
  readonly json?: true;
}

/** The scenario that ships with datasets and budgets. */
const DEFAULT_SCENARIO = 'privacy-budget';
const MAX_DRAWS = 5000;

const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };

type PrivacyPolicy = Exclude<Design['privacy'], false>;

const print = async (name: string, { dataset: wanted, design, seed, draws, plot, json }: PrivacyFlags): Promise<void> => {
  const file = plot === undefined ? undefined : outputFile('--plot', plot);
  const scenario = await loadScenario(name);
  const datasets = scenario.data?.datasets ?? [];
  if (datasets.length === 0)
    throw new SquallError(
      'NOT_FOUND',
      `Scenario ${scenario.name} has no datasets.`,
      'Name one with a block data, such as privacy-budget.',
    );
  const known = datasets.map((dataset) => dataset.name);
  const dataset = wanted === undefined ? datasets[0]! : datasets.find((one) => one.name === wanted);
  if (!dataset) {
    throw new SquallError(
      'NOT_FOUND',
      `Scenario ${scenario.name} has no dataset "${wanted}".${nearestNames(wanted!, known)}`,
      `Datasets: ${known.join(', ')}.`,
    );
  }
  const designName = design ?? scenario.design;
  const chosen = scenario.designs[designName];
  if (!chosen) {
    const names = Object.keys(scenario.designs);
    throw new SquallError(
      'NOT_FOUND',
      `Scenario ${scenario.name} has no design "${designName}".${nearestNames(designName, names)}`,
      `Designs: ${names.join(', ')}.`,
    );
  }
  const policy = chosen.privacy || referenceDesign.privacy || (defaultsOf(policies.privacy) as PrivacyPolicy);
  const report = accuracyReport({
    dataset,
    seed,
    draws,
    delta: policy.delta,
    budget: { epsilon: policy.budget, delta: policy.budgetDelta },
  });
  if (file) {
    const [{ renderSvg }, { privacyChart }] = await Promise.all([
      import('../../reports/compare/chart.ts'),
      import('../../reports/privacy/chart.ts'),
    ]);
    file.write(`${renderSvg(privacyChart(report))}\n`);
  }
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : privacyText(report)}\n`);
};

export const privacyCommand = (): Command =>
  new Command('privacy')
    .description("print what privacy costs in accuracy: the error of a dataset's statistics at each epsilon")
    .argument('[scenario]', 'a scenario with datasets: a file, or the name of one that ships', DEFAULT_SCENARIO)
    .option('--dataset <name>', "one of the scenario's (default: its first)")
    .option('-d, --design <name>', "design that has the budget (default: the scenario's own)")
    .option('-s, --seed <n>', 'of the draws', wholeNumber(0, 0xffffffff), 1)
    .option('--draws <n>', 'draws of each point', wholeNumber(10, MAX_DRAWS), 200)
    .option('--plot <file>', 'write the figure as SVG')
    .option('--json', 'print it as JSON')
    .action(print);
