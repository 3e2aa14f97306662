#!/usr/bin/env node
import { endProcess } from './end-process.ts';
import { watchInterrupts } from './interrupt.ts';

const interrupts = watchInterrupts();
const { main } = await import('./main.ts');
await endProcess(await main(process.argv.slice(2), interrupts));
