import type { Command } from 'commander';
import { readClientConfig } from '../config.ts';
import { CommandError } from './command-error.ts';

export interface ServerOptions {
  readonly url?: string;
  readonly key?: string;
}

/** The options of every command that speaks to a server. */
export function withServerOptions(command: Command): Command {
  return command
    .option(
      '--url <address>',
      'address of the server (default: DRAWDOWN_URL, http://127.0.0.1:4000)',
    )
    .option('--key <key>', 'key to use, sk_... or rk_... (default: DRAWDOWN_KEY)');
}

/** Where to send requests and with which key; a path or slash at the end of the address is dropped. */
export function readServerOptions(options: ServerOptions): { endpoint: string; key: string } {
  const config = readClientConfig();
  const given = options.url ?? config.url;
  if (!/^https?:\/\//.test(given) || !URL.canParse(given)) {
    throw new CommandError(
      `--url must be an address such as http://127.0.0.1:4000, not "${given}".`,
    );
  }
  const key = options.key ?? config.key;
  if (!key) throw new CommandError('Say which key to use: set DRAWDOWN_KEY, or give --key.');
  return { endpoint: `${given.replace(/\/+$/, '').replace(/\/graphql$/, '')}/graphql`, key };
}
