#!/usr/bin/env node
import { ensureBuilt, ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
ensureBuilt();
await import('../dist/cli/main.js');
