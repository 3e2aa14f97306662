/** The machine's description for docs/benchmarks.md, as markdown. `npx node bench/machine.ts` */
import { describeMachine } from './machine/describe.ts';

const { processor, cores, memoryGiB, kernel, node, loadAverage } = describeMachine();

console.log(`| part | |
| --- | --- |
| processor | ${processor} |
| cores | ${cores} |
| memory | ${memoryGiB} GiB |
| kernel | ${kernel} |
| Node | ${node} |
| load average before | ${loadAverage.toFixed(2)} |`);
