import type { EvidenceDocument } from '../../harness/evidence/document.ts';
import { frameworkSection, overview } from './controls.ts';
import { runSection } from './runs.ts';
import { STYLE } from './style.ts';
import { anchor, text } from './words.ts';

const count = (document: EvidenceDocument, outcome: string): number =>
  document.runs.filter(({ verdict }) => verdict.outcome === outcome).length;

const signatureNote = ({ signature }: EvidenceDocument): string =>
  signature
    ? `<div class="note good"><strong>Signed.</strong> <code>signature.dsse.json</code> is over every file of this bundle, by the key <code>${text(signature.keyId)}</code> (${text(signature.algorithm)}). This sentence proves nothing by itself: <code>squall evidence verify FOLDER --key public.pem</code> does, with a public key that came another way.</div>`
    : '<div class="note bad"><strong>Not signed.</strong> Whoever has this bundle can change it without a trace. <code>squall evidence RUN --key private.pem</code> signs one.</div>';

const contents = ({ frameworks }: EvidenceDocument): string =>
  [
    '<nav aria-label="Contents"><ul><li><a href="#overview">Controls at a glance</a></li>',
    ...frameworks.map(({ id, title }) => `<li><a href="#${anchor(id)}">${text(title)}</a></li>`),
    '<li><a href="#runs">Runs</a></li></ul></nav>',
  ].join('');

/** The document as one page that needs nothing beside it: for a browser, a printer, and for screen readers. */
export const evidencePage = (document: EvidenceDocument): string => {
  const runs = new Map(document.runs.map((run) => [run.id, run]));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Evidence from runs of squall, ${text(document.createdAt)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Evidence from runs of squall</h1>
<p class="faint">Made ${text(document.createdAt)}${document.createdBy === null ? '' : ` by ${text(document.createdBy)} (by their own word)`}. Runs by squall ${text(document.squall)}, bundle by squall ${text(document.writtenBy)}.</p>
<div class="note"><strong>What this is.</strong> ${text(document.statement)}</div>
${signatureNote(document)}
<p>${document.runs.length} runs: ${count(document, 'passed')} passed, ${count(document, 'failed')} failed, ${count(document, 'invalid')} could not be judged.</p>
<h3>What holds of all of it</h3>
<ul>${document.limits.map((limit) => `<li>${text(limit)}</li>`).join('')}</ul>
${contents(document)}
<h2 id="overview">Controls at a glance</h2>
${overview(document.frameworks)}
${document.frameworks.map((framework) => frameworkSection(framework, runs)).join('\n')}
<section class="framework" aria-labelledby="runs">
<h2 id="runs">Runs</h2>
${document.runs.map(runSection).join('\n')}
</section>
</main>
</body>
</html>
`;
};
