#!/usr/bin/env node
import { OLD_NODE_REMEDY, oldNode } from '../harness/doctor/node-version.ts';
import { endProcess } from './end-process.ts';
import { exitCodes } from './exit-codes.ts';
import { watchInterrupts } from './interrupt.ts';

// Said before the rest is loaded: an older Node.js can't even read it.
const tooOld = oldNode(process.versions.node);
if (tooOld !== null) {
  process.stderr.write(`squall: Node.js is ${tooOld}.\n  ${OLD_NODE_REMEDY}\n`);
  await endProcess(exitCodes.badInput);
}

const interrupts = watchInterrupts();
const { main } = await import('./main.ts');
await endProcess(await main(process.argv.slice(2), interrupts));
