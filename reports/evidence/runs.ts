import type { EvidenceDocument } from '../../harness/evidence/document.ts';
import { formatTime } from '../../harness/verdict/format.ts';
import { anchor, expectationWords, marked, outcomeWords, text } from './words.ts';

type Run = EvidenceDocument['runs'][number];

const worldWords: Readonly<Record<Run['world'], string>> = {
  live: 'live: real processes, sockets and time',
  sim: 'sim: simulated, weaker evidence',
};

const systemWords = ({ type, name }: Run['system']): string =>
  type === 'other' ? text(name) : `squall's reference stack, design ${text(name)}`;

const ranWords = ({ ran }: Run): string => {
  if (!ran) return 'not recorded: the simulated clock is made up, and no record of the machine was kept';
  const until = ran.endedAt === null ? '' : ` to ${text(ran.endedAt)}`;
  return `${text(ran.startedAt)}${until}${ran.on === null ? '' : `, ${text(ran.on)}`}`;
};

const facts = (run: Run): readonly (readonly [term: string, html: string])[] => [
  ['System under test', systemWords(run.system)],
  ['World', worldWords[run.world]],
  ['Seed', String(run.seed)],
  ['Ran', ranWords(run)],
  ['Timeline', `${formatTime(run.durationMs)}, ${text(run.end)}`],
  ['How the numbers were had', text(run.method)],
  ['Files', run.files.map((file) => `<code>${text(file)}</code>`).join(', ')],
  ['SHA-256 of the result', `<code>${run.sha256.result}</code>`],
  ['SHA-256 of the scenario as run', `<code>${run.sha256.scenario}</code>`],
  [
    "SHA-256 of the scenario's file",
    run.sha256.scenarioFile === null ? 'it had none' : `<code>${run.sha256.scenarioFile}</code>`,
  ],
  ['SHA-256 of the design', `<code>${run.sha256.design}</code>`],
  ['SHA-256 of all inputs', `<code>${run.sha256.inputs}</code>`],
];

const faultRow = ({ name, kind, targets, atMs, forMs, tookPlace }: Run['faults'][number]): string =>
  `<tr><th scope="row">${text(name)}</th><td>${text(kind)}</td><td>${targets.map(text).join(', ')}</td><td>${formatTime(atMs)}</td><td>${formatTime(forMs)}</td><td>${tookPlace ? 'yes' : 'no'}</td></tr>`;

const expectationRow = ({ text: told, outcome, isSteadyState }: Run['expectations'][number]): string =>
  `<tr><td>${marked(outcome, expectationWords[outcome])}</td><td>${isSteadyState ? 'steady state: ' : ''}${text(told)}</td></tr>`;

/** One run: all that was required and measured, and what it was run from. */
export const runSection = (run: Run): string => `
<section class="control" id="${anchor(run.id)}">
<h3>${text(run.id)}, ${text(run.scenario)}: ${marked(run.verdict.outcome, outcomeWords[run.verdict.outcome])}</h3>
<p>${text(run.title)}</p>
${run.verdict.reasons.length > 0 ? `<ul>${run.verdict.reasons.map((reason) => `<li>${text(reason)}</li>`).join('')}</ul>` : ''}
<dl>${facts(run)
  .map(([term, html]) => `<dt>${text(term)}</dt><dd>${html}</dd>`)
  .join('')}</dl>
${
  run.faults.length === 0
    ? '<p>There were no faults.</p>'
    : `<div class="scroll"><table><caption>Faults</caption><thead><tr><th scope="col">name</th><th scope="col">kind</th><th scope="col">targets</th><th scope="col">at</th><th scope="col">for</th><th scope="col">took place</th></tr></thead><tbody>${run.faults.map(faultRow).join('\n')}</tbody></table></div>`
}
<div class="scroll"><table><caption>All expectations</caption><thead><tr><th scope="col">outcome</th><th scope="col">what was measured, and required</th></tr></thead>
<tbody>${run.expectations.map(expectationRow).join('\n')}</tbody></table></div>
</section>`;
