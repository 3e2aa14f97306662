import type { ImportFormat } from '../format.ts';
import { chaostoolkit } from './chaostoolkit.ts';
import { csv } from './csv.ts';
import { har } from './har.ts';
import { json } from './json.ts';
import { otlp } from './otlp.ts';
import { toxiproxy } from './toxiproxy.ts';

/** Every format, in the order in which contents are looked at: rows are what is left. */
export const importFormats: readonly ImportFormat[] = [har, otlp, chaostoolkit, toxiproxy, json, csv];
