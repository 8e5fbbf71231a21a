import type { Config } from '../config.ts';
import { CommandError } from './command-error.ts';

/** For what could not be listened on: it is taken, or not an address of this machine. Others are as they were. */
export function addressFault({ port, host }: Pick<Config, 'port' | 'host'>, error: Error): Error {
  const isOne = 'syscall' in error && ['listen', 'getaddrinfo'].includes(String(error.syscall));
  return isOne ? new CommandError(`PORT ${port} of HOST ${host}: ${error.message}.`) : error;
}
