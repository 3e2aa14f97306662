import { resolve } from 'node:path';
import { type LoadedConfig, loadConfig } from '../harness/config/load-config.ts';
import { allowHosts } from '../harness/sut/allowed-hosts.ts';
import { chooseSut, sutFromText } from '../harness/sut/choose.ts';
import type { ChosenSut } from '../harness/sut/sut.ts';
import type { World } from '../harness/world/world.ts';
import { parseReporters, type ReporterChoice } from './options.ts';

/** Flags of `run` that a configuration may say too. */
export interface SetupFlags {
  readonly config?: string;
  readonly design?: string;
  readonly seed?: number;
  readonly port?: number;
  readonly linkPort?: number;
  readonly credentials?: string;
  readonly out?: string;
  readonly world?: World['name'];
  readonly sut?: string;
  readonly reporter?: readonly ReporterChoice[];
  readonly allowHost?: readonly string[];
}

/** Flags and configuration together: a flag counts more. */
export interface RunSetup {
  readonly world: World['name'];
  readonly seed: number;
  readonly design?: string;
  readonly port?: number;
  /** Of the first link; absent takes free ones. */
  readonly linkPort?: number;
  /** Absolute. */
  readonly credentialsFile?: string;
  /** Of the folders of runs; absolute. */
  readonly outFolder: string;
  /** Absent: the reference stack. */
  readonly sut?: ChosenSut;
  readonly reporters?: readonly ReporterChoice[];
  readonly scenarios: readonly string[];
}

/** Fixed, so that the same command gives the same fault schedule and arrivals. */
const DEFAULT_SEED = 1;
const DEFAULT_OUT = '.squall/runs';

/** Where links stand for a system that was told them before the run, and what keeps its credentials. */
const STANDING = { linkPort: 21_000, credentials: '.squall/credentials.json' };

const sutOf = (flags: SetupFlags, { config, file, folder }: LoadedConfig): ChosenSut | undefined => {
  const text = flags.sut;
  if (text !== undefined) {
    const naming = { where: '--sut', folder: process.cwd() };
    return text === 'reference' ? undefined : chooseSut(sutFromText(text, naming), naming);
  }
  if (config.sut === undefined || config.sut === 'reference') return undefined;
  const naming = { where: `${file}, sut`, folder };
  return chooseSut(typeof config.sut === 'string' ? sutFromText(config.sut, naming) : config.sut, naming);
};

/** @throws {SquallError} for a configuration or a system under test that can't be used */
export const readSetup = async (flags: SetupFlags): Promise<RunSetup> => {
  const loaded = await loadConfig(flags.config);
  const { config, folder } = loaded;
  allowHosts([...(config.allowHosts ?? []), ...(flags.allowHost ?? [])]);
  const sut = sutOf(flags, loaded);
  const design = flags.design ?? config.design;
  const port = flags.port ?? config.port;
  const linkPort = flags.linkPort ?? config.linkPort ?? (sut?.hasOwnStart ? STANDING.linkPort : undefined);
  const credentialsFile =
    flags.credentials !== undefined
      ? resolve(flags.credentials)
      : config.credentials !== undefined
        ? resolve(folder, config.credentials)
        : sut?.hasOwnStart
          ? resolve(STANDING.credentials)
          : undefined;
  const reporters = flags.reporter ?? config.reporters?.flatMap((one) => parseReporters(one));
  return {
    world: flags.world ?? config.world ?? 'live',
    seed: flags.seed ?? config.seed ?? DEFAULT_SEED,
    outFolder: flags.out !== undefined ? resolve(flags.out) : resolve(folder, config.out ?? DEFAULT_OUT),
    scenarios: (config.scenarios ?? []).map((one) => (/[\\/]|\.\w+$/.test(one) ? resolve(folder, one) : one)),
    ...(design === undefined ? {} : { design }),
    ...(port === undefined ? {} : { port }),
    ...(linkPort === undefined ? {} : { linkPort }),
    ...(credentialsFile === undefined ? {} : { credentialsFile }),
    ...(sut === undefined ? {} : { sut }),
    ...(reporters === undefined ? {} : { reporters }),
  };
};

/** The same, for `squall env`: of a system that others start. */
export const standingOf = ({ linkPort, credentialsFile }: RunSetup) => ({
  linkPort: linkPort ?? STANDING.linkPort,
  credentialsFile: credentialsFile ?? resolve(STANDING.credentials),
});
