#!/usr/bin/env node
import { watchInterrupts } from './interrupt.ts';

const interrupts = watchInterrupts();
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2), interrupts);
