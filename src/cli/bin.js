#!/usr/bin/env node
// The command runs what `npm run build` made of the sources, which `npm ci` does too.
import { existsSync } from 'node:fs';

const MAIN = new URL('../../build/src/cli/main.js', import.meta.url);

if (existsSync(MAIN)) {
  await import(MAIN.href);
} else {
  process.stderr.write('drawdown: it is not built yet: run "npm run build".\n');
  process.exitCode = 1;
}
