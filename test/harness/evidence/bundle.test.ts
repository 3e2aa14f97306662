import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, makeBundle, writeBundle } from '../../../harness/evidence/bundle.ts';
import { canonicalJson } from '../../../harness/evidence/canonical.ts';
import { readFrameworks } from '../../../harness/evidence/frameworks.ts';
import type { EvidenceRun } from '../../../harness/evidence/inputs.ts';
import { readPrivateKey, readPublicKey, type SigningKey, type VerifyingKey } from '../../../harness/evidence/signing/keys.ts';
import { verifyBundle } from '../../../harness/evidence/verify.ts';
import { evidencePage } from '../../../reports/evidence/page.ts';
import { aRun, reportOf } from '../../support/evidence.ts';

let folder: string;
let runs: readonly EvidenceRun[];
let key: SigningKey;
let publicKey: VerifyingKey;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'squall-evidence-'));
  const pair = generateKeyPairSync('ed25519');
  writeFileSync(join(folder, 'private.pem'), pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(folder, 'public.pem'), pair.publicKey.export({ type: 'spki', format: 'pem' }));
  key = readPrivateKey(join(folder, 'private.pem'));
  publicKey = readPublicKey(join(folder, 'public.pem'));
  const restore = aRun(await reportOf('dr-restore-from-backup'));
  runs = [
    { ...restore, sources: [{ name: 'scenario.yaml', data: Buffer.from('title: ä\n') }] },
    aRun(await reportOf('region-outage', 'no-failover')),
  ];
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const make = (signWith?: SigningKey): Bundle =>
  makeBundle({
    runs,
    frameworks: readFrameworks(),
    createdAt: '2026-11-27T16:00:00.000Z',
    createdBy: 'A <b>Tester</b>',
    page: evidencePage,
    ...(signWith ? { key: signWith } : {}),
  });

let count = 0;
const write = (bundle: Bundle): string => {
  count += 1;
  const path = join(folder, `bundle-${count}`);
  writeBundle(path, bundle);
  return path;
};

describe('a bundle', () => {
  it('is the same bytes for the same runs, time and key', () => {
    expect(make(key)).toEqual(make(key));
  });

  it('is as its JSON schema says, in canonical JSON', () => {
    const { files } = make(key);
    const text = (path: string) => Buffer.from(files.find((file) => file.path === path)!.data).toString('utf8');
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(text('evidence.schema.json')));
    const document = JSON.parse(text('evidence.json'));
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...document, runs: [{}] })).toBe(false);
    expect(canonicalJson(document)).toBe(text('evidence.json'));
  });

  it('has for each run the check sums of its report, scenario and design', () => {
    const { document, files } = make();
    const [first] = document.runs;
    expect(first!.files).toEqual(['runs/run-01/report.json', 'runs/run-01/scenario.yaml']);
    expect(first!.sha256).toMatchObject({
      result: runs[0]!.sha256,
      scenario: runs[0]!.report.provenance.scenario.sha256,
      scenarioFile: runs[0]!.report.provenance.scenario.file!.sha256,
      design: runs[0]!.report.provenance.design.sha256,
    });
    const report = files.find(({ path }) => path === 'runs/run-01/report.json')!;
    expect(JSON.parse(Buffer.from(report.data).toString('utf8'))).toEqual(runs[0]!.report);
  });

  it('says that nothing complies, what is simulated and whose system was tested, in the document and on the page', () => {
    const { document } = make();
    const page = evidencePage(document);
    for (const text of [document.statement, ...document.limits]) expect(page).toContain(text);
    expect(document.statement).toContain('does not state that anything complies');
    expect(document.limits[0]).toMatch(/^2 of 2 runs took place in the simulated world.*weaker evidence/);
    expect(document.limits[1]).toMatch(/^2 of 2 runs tested the reference stack/);
    expect(page.replaceAll(/does not state that anything complies/gi, '')).not.toMatch(/\bcompl(y|ies|iant|iance)\b/i);
  });

  it('shows a run that failed as failed, and what no run can show', () => {
    const page = evidencePage(make().document);
    expect(page).toContain('✗ tested, with adverse result');
    expect(page).toContain('no run of squall is a threat-led penetration test');
  });

  it('says on the page whether it is signed, and takes no markup from what it is told', () => {
    expect(evidencePage(make().document)).toContain('<strong>Not signed.</strong>');
    const signed = evidencePage(make(key).document);
    expect(signed).toContain(key.id);
    expect(signed).not.toContain('Not signed');
    expect(signed).toContain('A &lt;b&gt;Tester&lt;/b&gt;');
  });

  it('is not written over a folder that has something in it', () => {
    const path = write(make());
    expect(() => writeBundle(path, make())).toThrow(/is not empty/);
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
  });
});

describe('verification', () => {
  it('given a bundle as it was written, then it finds nothing', () => {
    const path = write(make(key));
    expect(verifyBundle(path, publicKey)).toMatchObject({ problems: [], isSigned: true, fileCount: 8 });
    expect(verifyBundle(write(make()), undefined)).toMatchObject({ problems: [], isSigned: false, fileCount: 7 });
  });

  it.each([
    ['signed', () => key],
    ['not signed', () => undefined],
  ])('given any byte of any file changed, then it finds the file: %s', (_, signWith) => {
    const bundle = make(signWith());
    const path = write(bundle);
    fc.assert(
      fc.property(fc.nat(bundle.files.length - 1), fc.nat(), fc.integer({ min: 1, max: 255 }), (index, at, flip) => {
        const { path: name, data } = bundle.files[index]!;
        const changed = Buffer.from(data);
        const place = at % changed.length;
        changed[place] = changed[place]! ^ flip;
        writeFileSync(join(path, name), changed);
        const { problems } = verifyBundle(path, signWith() && publicKey);
        writeFileSync(join(path, name), data);
        expect(problems.join('\n')).toContain(name === 'manifest.json' ? '' : name);
        expect(problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 150 },
    );
    expect(verifyBundle(path, signWith() && publicKey).problems).toEqual([]);
  });

  it('given any byte of a signature or its envelope changed, then it finds it, place by place', () => {
    const bundle = make(key);
    const path = write(bundle);
    const { data } = bundle.files.find((file) => file.path === 'signature.dsse.json')!;
    const tail = data.byteLength - 300;
    for (let place = tail; place < data.byteLength; place += 1) {
      const changed = Buffer.from(data);
      changed[place] = changed[place]! ^ 1;
      writeFileSync(join(path, 'signature.dsse.json'), changed);
      expect(verifyBundle(path, publicKey).problems, `byte ${place}`).not.toEqual([]);
    }
  });

  it('given a file that is gone, new or renamed, then it says so', () => {
    const path = write(make(key));
    writeFileSync(join(path, 'runs', 'more.txt'), '');
    renameSync(join(path, 'evidence.html'), join(path, 'page.html'));
    expect(verifyBundle(path, publicKey).problems).toEqual([
      'evidence.html is missing',
      'page.html was added',
      'runs/more.txt was added',
    ]);
    rmSync(join(path, 'signature.dsse.json'));
    expect(verifyBundle(path, publicKey).problems).toContain('signature.dsse.json is missing: the bundle is not signed');
  });

  it('given files and manifest changed together, then the signature tells', () => {
    const path = write(make(key));
    const other = write(make());
    for (const name of ['evidence.json', 'evidence.html', 'manifest.json']) {
      writeFileSync(join(path, name), readFileSync(join(other, name)));
    }
    expect(verifyBundle(path, publicKey).problems).toEqual(['signature.dsse.json was made over another bundle than this']);
    expect(verifyBundle(path, undefined).problems).toEqual(['signature.dsse.json was added']);
  });

  it('given a folder that is none, then it is bad input', () => {
    expect(() => verifyBundle(join(folder, 'nowhere'), publicKey)).toThrow(/does not exist/);
    expect(() => verifyBundle(join(folder, 'public.pem'), publicKey)).toThrow(/is not a folder/);
    expect(existsSync(folder)).toBe(true);
    expect(() => verifyBundle(folder, publicKey)).toThrow(/is no bundle/);
  });
});
