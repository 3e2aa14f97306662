import { z } from 'zod';

const port = z.number().int().min(1).max(65_535);

/** What `squall.config.ts` holds; docs/bring-your-own.md describes it. What a flag says counts more. */
export const configFile = z.strictObject({
  sut: z
    .union([z.string().min(1), z.record(z.string(), z.unknown())])
    .optional()
    .describe('System under test: a text as of --sut, or settings such as { command: "node server.js", port: 8787 }.'),
  scenarios: z.array(z.string().min(1)).optional().describe('What `squall run` runs when it is given no scenario.'),
  world: z.enum(['live', 'sim']).optional(),
  design: z.string().min(1).optional(),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .optional(),
  port: port.optional().describe('Port that the system under test listens on.'),
  linkPort: port.optional().describe('Port of the first link; the next ones follow.'),
  credentials: z.string().min(1).optional().describe("File that keeps the clouds' credentials from run to run."),
  out: z.string().min(1).optional().describe('Folder of the folders of runs.'),
  reporters: z.array(z.string().min(1)).optional().describe('As of --reporter, e.g. "junit=report.xml".'),
  allowHosts: z.array(z.string().min(1)).optional().describe('Hosts beside this machine that load may be sent to.'),
});

export type ConfigFile = z.output<typeof configFile>;
