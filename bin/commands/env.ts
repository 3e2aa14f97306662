import { Command } from 'commander';
import { planRun } from '../../harness/run.ts';
import { loadScenario } from '../../harness/scenario/load-scenario.ts';
import { standingEnvironment } from '../../harness/sut/standing-environment.ts';
import { parsePort } from '../options.ts';
import { readSetup, standingOf } from '../run-setup.ts';
import { exports } from '../shell-exports.ts';

interface EnvFlags {
  readonly config?: string;
  readonly linkPort?: number;
  readonly credentials?: string;
  readonly json?: true;
}

export const envCommand = (): Command =>
  new Command('env')
    .description(
      'print the variables of a scenario\'s links, for a system that you start yourself: eval "$(squall env region-outage)"',
    )
    .argument('<scenario>', 'a name from `squall list`, or a .yaml, .json, .ts or .js file')
    .option('--link-port <number>', 'port of the first link, the next ones follow (default: 21000)', parsePort)
    .option('--credentials <file>', "keeps the clouds' credentials from run to run (default: .squall/credentials.json)")
    .option('--config <file>', 'configuration (default: squall.config.ts here, if there is one)')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nThen `squall run <scenario> --sut http://127.0.0.1:<port>`. What is printed contains secrets of the emulated clouds.',
    )
    .action(async (name: string, flags: EnvFlags) => {
      const { linkPort, credentialsFile } = standingOf(await readSetup({ ...flags, sut: 'reference' }));
      const scenario = await loadScenario(name);
      const plan = planRun(scenario, { seed: 1, sut: 'a system of its own' });
      const environment = await standingEnvironment(plan, linkPort, credentialsFile);
      process.stdout.write(flags.json ? `${JSON.stringify(environment, null, 2)}\n` : exports(environment));
    });
