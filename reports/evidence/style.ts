/** The page's looks: light and dark on a screen, always light on paper. Nothing is loaded from elsewhere. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--panel:#f5f7f9;--ink:#1c2430;--faint:#56616e;--rule:#d8dde3;--good:#00663f;--bad:#a8201a;--unsure:#6b5600}
@media screen and (prefers-color-scheme:dark){:root{--paper:#14181f;--panel:#1c222b;--ink:#e7ebf0;--faint:#a9b3c0;--rule:#343d49;--good:#56d6a3;--bad:#ff958b;--unsure:#e6c84f}}
*{box-sizing:border-box}
body{background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:62rem;padding:1.5rem;overflow-wrap:break-word}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem}h2{font-size:1.2rem;margin:2.2rem 0 .5rem;border-bottom:2px solid var(--rule);padding-bottom:.2rem}
h3{font-size:1.02rem;margin:1.4rem 0 .3rem}h4{font-size:.9rem;margin:.8rem 0 .2rem}p{margin:.35rem 0}ul,dl{margin:.3rem 0;padding-left:1.2rem}dl{padding:0}
a{color:inherit}.faint,caption,small{color:var(--faint)}
.note{border:1px solid var(--rule);border-left:.35rem solid var(--unsure);background:var(--panel);padding:.6rem .9rem;margin:.8rem 0}
.note.good{border-left-color:var(--good)}.note.bad{border-left-color:var(--bad)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.87rem;font-variant-numeric:tabular-nums;margin:.4rem 0}
caption{text-align:left;padding-bottom:.3rem}th,td{padding:.35rem .5rem;border-bottom:1px solid var(--rule);text-align:left;vertical-align:top}
thead th{color:var(--faint);font-weight:600}tbody th{font-weight:600}
th small{display:block;font-weight:400}.status{font-weight:600;white-space:nowrap}.passed,.met{color:var(--good)}.failed,.broken{color:var(--bad)}.inconclusive,.invalid,.unseen,.unmeasurable{color:var(--unsure)}.not-tested{color:var(--faint)}
code{font:.85em ui-monospace,monospace;overflow-wrap:anywhere}dt{font-weight:600;margin-top:.3rem}dd{margin:0}
.control{border:1px solid var(--rule);padding:.2rem .9rem .7rem;margin:.9rem 0}
@page{size:A4;margin:18mm 16mm 20mm}
@page{@bottom-left{content:"Evidence from runs of squall. Does not state that anything complies.";font:8pt sans-serif}@bottom-right{content:counter(page) " / " counter(pages);font:8pt sans-serif}}
@media print{body{max-width:none;padding:0;font-size:9.5pt}h2,h3,h4{break-after:avoid}tr,.note{break-inside:avoid}.scroll{overflow:visible}nav{display:none}.framework{break-before:page}}
`;
