import { sha256Hex } from '../../../mocks/shared/sha256.ts';
import type { GatewayConfig } from '../config.ts';
import type { Dataset } from './dataset.ts';

/** Kind of the nodes that keep datasets. */
export const DATA = 'data';

/** What a node that keeps datasets is told of the scenario; plain data. */
export interface DataSettings {
  /** Those that it keeps. */
  readonly datasets: readonly Dataset[];
  /** How long a day of the callers is, milliseconds: what is unusual by night is found in a short run as well. */
  readonly dayMs: number;
}

/** A bearer that every process of a stack can make, and nobody else: of a secret that all of them are given. */
export const dataToken = ({ links }: Pick<GatewayConfig, 'links'>): string =>
  sha256Hex(`data ${links[0]?.secretStoreToken ?? ''}`);
