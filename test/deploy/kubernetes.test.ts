import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseShard } from '../../bin/options.ts';
import { listScenarios } from '../../harness/scenario/load-scenario.ts';
import { squallVersion } from '../../harness/version.ts';

const DEPLOY = join(import.meta.dirname, '..', '..', 'deploy');
const FOLDER = join(DEPLOY, 'kubernetes');

type Tree = { readonly [key: string]: Tree } & readonly Tree[];
type Path = readonly (string | number)[];

const definitions = JSON.parse(readFileSync(join(import.meta.dirname, 'kubernetes-1.37.json'), 'utf8')) as object;
/** By `apiVersion` and `kind`. */
const schemas: Readonly<Record<string, string>> = {
  'apps/v1 Deployment': 'io.k8s.api.apps.v1.Deployment',
  'batch/v1 Job': 'io.k8s.api.batch.v1.Job',
  'v1 Service': 'io.k8s.api.core.v1.Service',
  'networking.k8s.io/v1 NetworkPolicy': 'io.k8s.api.networking.v1.NetworkPolicy',
  'policy/v1 PodDisruptionBudget': 'io.k8s.api.policy.v1.PodDisruptionBudget',
};

const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(definitions, 'kubernetes');

/** What is wrong with a resource, in the words of the schema; empty when nothing is. */
const problemsOf = (resource: unknown): readonly string[] => {
  const { apiVersion, kind } = resource as { readonly apiVersion?: unknown; readonly kind?: unknown };
  const name = schemas[`${apiVersion} ${kind}`];
  if (name === undefined) return [`no schema of ${apiVersion} ${kind}`];
  const validate = ajv.getSchema(`kubernetes#/$defs/${name}`)!;
  validate(resource);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
};

const resources = readdirSync(FOLDER).flatMap((file) =>
  parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8')).map((document) => {
    expect(document.errors).toEqual([]);
    return { file, resource: document.toJS() as Tree };
  }),
);

const of = (kind: string, name: string): Tree =>
  resources.find(({ resource }) => String(resource.kind) === kind && String(resource.metadata!.name) === name)!.resource;

/** Mappings whose keys are of the user's choice; of a service's selector these are labels, which have a slash. */
const FREE = new Set(['labels', 'matchLabels', 'requests', 'limits', 'nodeSelector', 'annotations']);

/** Every field that a resource names, as a way to it. */
const fieldsOf = (node: unknown, at: Path = []): readonly Path[] => {
  if (Array.isArray(node)) return node.flatMap((one, index) => fieldsOf(one, [...at, index]));
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node)
    .filter(([key]) => !key.includes('/'))
    .flatMap(([key, value]) => [[...at, key], ...(FREE.has(key) ? [] : fieldsOf(value, [...at, key]))]);
};

/** The same with the field at the path spelt otherwise. */
const misspelt = (resource: Tree, path: Path): unknown => {
  const copy = structuredClone(resource) as unknown;
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((node, part) => (node as Record<string | number, unknown>)[part], copy) as Record<string, unknown>;
  const key = String(path.at(-1));
  parent[`${key}x`] = parent[key];
  delete parent[key];
  return copy;
};

const podOf = (resource: Tree): Tree => resource.spec!.template!.spec!;

describe.each(resources)('$file: $resource.kind $resource.metadata.name', ({ resource }) => {
  it("holds to Kubernetes' own schema", () => {
    expect(problemsOf(resource)).toEqual([]);
  });

  it('is refused when any one of its fields is misspelt', () => {
    const fields = fieldsOf(resource);
    expect(fields.length).toBeGreaterThan(5);
    for (const path of fields) expect(problemsOf(misspelt(resource, path)), path.join('.')).not.toEqual([]);
  });

  it('is refused with a value of another type', () => {
    expect(problemsOf({ ...resource, spec: { ...resource.spec, selector: 7, template: 7, podSelector: 7 } })).not.toEqual([]);
  });
});

describe.each([of('Deployment', 'squall-gateway'), of('Job', 'squall-scenarios')])('the pods of the $kind', (resource) => {
  it('satisfy the Pod Security Standard "restricted"', () => {
    const pod = podOf(resource);
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(Number(pod.securityContext!.runAsUser)).toBeGreaterThan(0);
    for (const key of ['hostNetwork', 'hostPID', 'hostIPC']) expect(pod[key]).toBeUndefined();
    for (const volume of pod.volumes ?? []) expect(Object.keys(volume)).toEqual(['name', 'emptyDir']);
    for (const container of pod.containers!) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(Object.keys(container.resources!.requests!)).toEqual(['cpu', 'memory']);
      expect(container.resources!.limits!.memory).toBeDefined();
    }
  });

  it('are of this version, and of the user that the image has', () => {
    const dockerfile = readFileSync(join(DEPLOY, 'Dockerfile'), 'utf8');
    const { runAsUser, runAsGroup } = podOf(resource).securityContext!;
    expect(dockerfile).toContain(`USER ${runAsUser}:${runAsGroup}\n`);
    for (const { image } of podOf(resource).containers!) expect(image).toBe(`squall:${squallVersion()}`);
  });
});

describe('the gateway in a cluster', () => {
  const deployment = of('Deployment', 'squall-gateway');
  const labels = deployment.spec!.template!.metadata!.labels!;

  it('is what its service, its budget and its policy select', () => {
    expect(deployment.spec!.selector!.matchLabels).toEqual(labels);
    expect(of('Service', 'squall-gateway').spec!.selector).toEqual(labels);
    expect(of('PodDisruptionBudget', 'squall-gateway').spec!.selector!.matchLabels).toEqual(labels);
    expect(of('NetworkPolicy', 'squall-gateway').spec!.podSelector!.matchLabels).toEqual(labels);
  });

  it('is reached at the ports where it listens, by their names', () => {
    const [container] = podOf(deployment).containers!;
    const dockerfile = readFileSync(join(DEPLOY, 'Dockerfile'), 'utf8');
    const ports = Object.fromEntries(container!.ports!.map(({ name, containerPort }) => [String(name), Number(containerPort)]));
    expect(dockerfile).toContain(`PORT=${ports.http} GRPC_PORT=${ports.grpc}\n`);
    expect(of('Service', 'squall-gateway').spec!.ports!.map(({ targetPort }) => String(targetPort))).toEqual(Object.keys(ports));
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
      expect(container![probe]!.httpGet!.port).toBe('http');
  });

  it('has the time to end in order', () => {
    const pod = podOf(deployment);
    const sleepS = Number(pod.containers![0]!.lifecycle!.preStop!.sleep!.seconds);
    expect(Number(pod.terminationGracePeriodSeconds)).toBeGreaterThan(sleepS + 10);
  });
});

describe('scenarios in a cluster', () => {
  const job = of('Job', 'squall-scenarios');
  const [command, ...args] = podOf(job).containers![0]!.args!.map(String);

  it('are shared between as many pods as there are', () => {
    const completions = Number(job.spec!.completions);
    const shard = args.find((arg) => arg.startsWith('--shard='))!.slice('--shard='.length);
    const shards = Array.from({ length: completions }, (_, index) => parseShard(shard, { JOB_COMPLETION_INDEX: String(index) }));
    expect(shards).toEqual(shards.map((_, index) => ({ index: index + 1, of: completions })));
  });

  it('are ones that ship', async () => {
    const shipped = (await listScenarios()).map(({ name }) => name);
    expect([command, args.filter((arg) => !arg.startsWith('--') && !shipped.includes(arg))]).toEqual(['run', []]);
  });
});
