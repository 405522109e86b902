#!/usr/bin/env node
import { runCommandLine } from './command-line.ts';

// Before anything else is loaded, which is why the rest is loaded when it is needed.
process.setSourceMapsEnabled(true);
await runCommandLine();
