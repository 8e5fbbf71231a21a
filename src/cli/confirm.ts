import { createInterface } from 'node:readline/promises';

export interface ConfirmOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Whether there is somebody to ask, who has not said yes already. */
export function isAsked({ yes, json }: ConfirmOptions): boolean {
  return !yes && !json && process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** Asks whether to go on; without anybody to ask it goes on. */
export async function confirm(question: string, options: ConfirmOptions): Promise<boolean> {
  if (!isAsked(options)) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
