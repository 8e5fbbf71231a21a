import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const PACKAGE = createRequire(import.meta.url).resolve('drawdown/package.json');

/** The project's folder, for the files that are read from it: the same for the code as written and as built. */
export const PROJECT = new URL('.', pathToFileURL(PACKAGE));
