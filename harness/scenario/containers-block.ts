import { z } from 'zod';
import { IMAGE_NAME, notAnImageName } from '../containers/image-name.ts';
import { name } from './name.ts';
import { duration, mebibytes } from './units.ts';

/** Services of AWS whose SDKs can be led to a container, as LocalStack calls them. */
export const awsServices = ['s3', 'sqs', 'sts', 'kms', 'secretsmanager'] as const;
export type AwsService = (typeof awsServices)[number];

const services = z.array(z.enum(awsServices)).min(1);

const isRegExp = (text: string): boolean => {
  try {
    return Boolean(new RegExp(text));
  } catch {
    return false;
  }
};

const ready = z
  .strictObject({
    log: z
      .string()
      .min(1)
      .refine(isRegExp, 'is no regular expression')
      .optional()
      .describe('It is ready when it prints a line that matches.'),
    path: z.string().startsWith('/').optional().describe('It is ready when the path is answered with 200.'),
    within: duration.optional().describe('How long it may take.'),
  })
  .refine(({ log, path }) => log === undefined || path === undefined, 'has a log and a path; expected one of them');

const HTTP = /^https?:$/;

/** What stands beside what: the first of a pair rules the others out. */
const EXCLUSIVE = {
  url: ['image', 'localstack', 'port', 'http', 'scheme', 'command', 'env', 'ready', 'cpus', 'memory'],
  localstack: ['port', 'http', 'scheme', 'aws', 'command', 'ready'],
} as const;

/** A real dependency of a system under test: a container that squall starts, or something that runs already. docs/containers.md. */
const container = z
  .strictObject({
    image: z
      .string()
      .regex(IMAGE_NAME, notAnImageName('redis:8'))
      .optional()
      .describe('Image, with its tag; of `localstack` 4.14.0 when left out.'),
    localstack: services.optional().describe('It is LocalStack, with these services.'),
    url: z.url().optional().describe('It runs already, and is there.'),
    port: z.number().int().min(1).max(65_535).optional().describe('Where it listens inside of its container.'),
    http: z.boolean().optional().describe('It speaks HTTP: faults on requests can act on it.'),
    scheme: z
      .string()
      .regex(/^[a-z][a-z0-9+.-]*$/, 'expected the scheme of a URL, such as redis')
      .optional()
      .describe('Of the URL that the system under test is told.'),
    aws: services.optional().describe('It speaks HTTP, and SDKs find these services of AWS there.'),
    command: z.array(z.string()).optional().describe("In place of the image's own."),
    env: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
      .optional()
      .describe('Environment variables.'),
    ready: ready.optional().describe("The image's health check, or its port, when left out."),
    rtt: duration.prefault('1ms').describe('Round trip to it.'),
    cpus: z.number().min(0.01).max(1024).optional().describe('Processors that it may use; all when left out.'),
    memory: mebibytes.optional().describe('Memory that it may use; all when left out.'),
  })
  .superRefine((given, context) => {
    const report = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    for (const [first, others] of Object.entries(EXCLUSIVE) as [keyof typeof EXCLUSIVE, readonly (keyof typeof given)[]][]) {
      if (given[first] === undefined) continue;
      for (const other of others) if (given[other] !== undefined) report(other, `stands beside ${first}; expected one of them`);
    }
    if (given.url !== undefined) {
      const { protocol, hostname, port } = new URL(given.url);
      if (!HTTP.test(protocol) && given.aws) report('aws', `is of HTTP, and the URL begins with ${protocol}`);
      // Bytes are passed on to this machine alone.
      if (!HTTP.test(protocol) && (!['127.0.0.1', 'localhost'].includes(hostname) || port === ''))
        report('url', `expected http://..., or a port of this machine such as redis://127.0.0.1:6379, got ${given.url}`);
    } else if (given.localstack === undefined) {
      if (given.image === undefined) report('image', 'is missing; expected an image, or localstack, or url');
      else if (given.port === undefined) report('port', 'is missing; expected the port where it listens inside, such as 6379');
    }
  });

/** Containers by name: each is a link `stack/<gateway>/<name>`. */
export const containersBlock = z.record(name, container);

export type ParsedContainers = z.output<typeof containersBlock>;
