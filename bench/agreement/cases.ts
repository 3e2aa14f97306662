import { listScenarios, loadScenario } from '../../harness/scenario/load-scenario.ts';
import type { Scenario } from '../../harness/scenario/scenario.ts';

/** A scenario with one of its designs. */
export interface Case {
  readonly scenario: Scenario;
  readonly designName: string;
}

/** A scenario's own design, and those that it is there to fail. */
export const designsOf = ({ design, badDesigns }: Scenario): readonly string[] => [design, ...badDesigns];

/**
 * @param scenarioNames empty takes all that ship
 * @param designNames empty takes a scenario's good and bad ones
 * @throws {SquallError} `NOT_FOUND` for a scenario that does not ship
 */
export const casesOf = async (scenarioNames: readonly string[], designNames: readonly string[]): Promise<readonly Case[]> => {
  const names = scenarioNames.length > 0 ? scenarioNames : (await listScenarios()).map(({ name }) => name);
  const scenarios = await Promise.all(names.map(loadScenario));
  return scenarios.flatMap((scenario) =>
    (designNames.length > 0 ? designNames : designsOf(scenario)).map((designName) => ({ scenario, designName })),
  );
};
