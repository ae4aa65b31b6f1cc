#!/usr/bin/env node
import { ensureBuilt, ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
ensureBuilt();
const { main } = await import('../dist/cli/main.js');
await main(process.argv);
