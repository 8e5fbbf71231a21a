// npm links the commands of a package's dependencies, not its own. With this `npx drawdown` works in a
// clone as it does where the package is installed. Plain JavaScript, for it runs before anything is built.
import { chmodSync, existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BIN = new URL('../../node_modules/.bin/', import.meta.url);

if (existsSync(BIN)) {
  if (process.platform === 'win32') {
    const shim = '@node "%~dp0\\..\\..\\src\\cli\\bin.js" %*\r\n';
    writeFileSync(new URL('drawdown.cmd', BIN), shim);
  } else {
    rmSync(new URL('drawdown', BIN), { force: true });
    symlinkSync('../../src/cli/bin.js', new URL('drawdown', BIN));
    chmodSync(fileURLToPath(new URL('bin.js', import.meta.url)), 0o755);
  }
}
