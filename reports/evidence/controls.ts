import type { EvidenceDocument } from '../../harness/evidence/document.ts';
import { anchor, marked, outcomeWords, statusWords, text } from './words.ts';

type Framework = EvidenceDocument['frameworks'][number];
type Control = Framework['controls'][number];
type Part = Control['parts'][number];

const list = (items: readonly string[]): string => `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;

/** The runs by id, for what has to be seen beside each result of theirs. */
type Runs = ReadonlyMap<string, EvidenceDocument['runs'][number]>;

/** Whether a result is of real processes, and of whose system. */
const kindOfRun = (run: EvidenceDocument['runs'][number] | undefined): string => {
  if (!run) return '';
  const system = run.system.type === 'other' ? run.system.name : `reference stack, ${run.system.name}`;
  return `<small>${run.world === 'sim' ? 'simulated' : 'live'}; ${text(system)}</small>`;
};

const row = ({ run, outcome, faults, measured, why }: Part['runs'][number], runs: Runs): string =>
  [
    `<tr><th scope="row"><a href="#${anchor(run)}">${text(run)}</a>${kindOfRun(runs.get(run))}</th>`,
    `<td>${marked(outcome, outcomeWords[outcome])}</td>`,
    `<td>${faults.map(text).join(', ') || 'none needed'}</td>`,
    `<td>${measured.map((one) => `<div>${text(one)}</div>`).join('')}${why === undefined ? '' : `<div class="faint">${text(why)}</div>`}</td></tr>`,
  ].join('');

const part = ({ shows, status, runs }: Part, all: Runs): string => {
  const head = `<h4>${text(shows)}: ${marked(status, statusWords[status])}</h4>`;
  if (runs.length === 0) return `${head}<p class="faint">No run of this bundle bears on it.</p>`;
  return `${head}<div class="scroll"><table><caption>What was measured, against what was required</caption>
<thead><tr><th scope="col">run</th><th scope="col">outcome</th><th scope="col">faults</th><th scope="col">measured</th></tr></thead>
<tbody>${runs.map((one) => row(one, all)).join('\n')}</tbody></table></div>`;
};

const control = (framework: string, { id, title, asks, status, parts, notShown }: Control, runs: Runs): string => `
<section class="control" id="${anchor(framework, id)}">
<h3>${text(id)}, ${text(title)}: ${marked(status, statusWords[status])}</h3>
<p><strong>Asks, in squall's words:</strong> ${text(asks)}</p>
${parts.map((one) => part(one, runs)).join('\n')}
<h4>What it asks that no run of squall can show</h4>${list(notShown.map(text))}
</section>`;

/** One framework with all of its controls. */
export const frameworkSection = ({ id, title, edition, sources, controls }: Framework, runs: Runs): string => `
<section class="framework" aria-labelledby="${anchor(id)}">
<h2 id="${anchor(id)}">${text(title)}</h2>
<p>${text(edition)}</p>
${controls.map((one) => control(id, one, runs)).join('\n')}
<h4>Sources</h4>${list(sources.map(({ title, url, lookedUp }) => `${text(title)}, <code>${text(url)}</code>, looked up ${text(lookedUp)}`))}
</section>`;

const partsWithEvidence = ({ parts }: Control): string => {
  if (parts.length === 0) return 'no part can be';
  return `${parts.filter(({ status }) => status === 'passed').length} of ${parts.length}`;
};

/** All controls at a glance. */
export const overview = (frameworks: readonly Framework[]): string => `
<div class="scroll"><table><caption>Some evidence: some run gives evidence for a part of the control, and none speaks against any part. It does not mean that the control is met</caption>
<thead><tr><th scope="col">control</th><th scope="col">title</th><th scope="col">status</th><th scope="col">parts with evidence</th></tr></thead>
<tbody>${frameworks
  .flatMap((framework) =>
    framework.controls.map(
      (one) =>
        `<tr><th scope="row"><a href="#${anchor(framework.id, one.id)}">${text(framework.id)} ${text(one.id)}</a></th><td>${text(one.title)}</td><td>${marked(one.status, statusWords[one.status])}</td><td>${partsWithEvidence(one)}</td></tr>`,
    ),
  )
  .join('\n')}</tbody></table></div>`;
