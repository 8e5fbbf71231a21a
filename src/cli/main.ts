import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { isDebugging } from '../config.ts';
import { PROJECT } from '../infra/project.ts';
import { COMMANDS, isCommandName } from './commands.ts';

/** Runs the command that the arguments name. Only that one's code is loaded, unless help is asked for. */
async function main(args: readonly string[]): Promise<void> {
  const [name = ''] = args;
  const names = isCommandName(name) ? [name] : Object.keys(COMMANDS).filter(isCommandName);
  const program = new Command('drawdown')
    .description('Self-hosted, real-time prepaid billing.')
    .version(await readVersion())
    .showHelpAfterError('(add --help for how to call it)');
  for (const each of names) program.addCommand(await COMMANDS[each]());
  await program.parseAsync(args, { from: 'user' });
}

async function readVersion(): Promise<string> {
  return JSON.parse(await readFile(new URL('package.json', PROJECT), 'utf8')).version;
}

/** One line for the person who typed the command; whoever looks for a fault of ours gets the rest. */
function report(error: unknown): void {
  const { message, stack, code } = error as Partial<Error> & { code?: unknown };
  const line = (message || String(code ?? error)).split('\n', 1);
  process.stderr.write(`drawdown: ${isDebugging() ? (stack ?? line) : line}\n`);
  process.exitCode = 1;
}

await main(process.argv.slice(2)).catch(report);
