import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SCRIPT = fileURLToPath(new URL('../../src/cli/build.js', import.meta.url));

/** As `npm run build`: the processes that tests start run what is built, which must be what is tested. */
export async function build(): Promise<void> {
  await promisify(execFile)(process.execPath, [SCRIPT]);
}
