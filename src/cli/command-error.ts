/** Why a command stops, in one line for the person who typed it. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Wraps the body of a command: a foreseeable end is one line on stderr and this exit code. */
export function orOneLine<Args extends unknown[]>(
  body: (...args: Args) => Promise<void>,
  exitCode = 1,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    try {
      await body(...args);
    } catch (error) {
      if (!isForeseeable(error)) throw error;
      process.stderr.write(`drawdown: ${error.message}\n`);
      process.exitCode = exitCode;
    }
  };
}

function isForeseeable(error: unknown): error is Error {
  return error instanceof Error && ['CommandError', 'ConfigError'].includes(error.name);
}
