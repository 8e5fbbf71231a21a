import type { Command } from 'commander';

/** Every command of `drawdown`, by its first word. One more is one more line. */
export const COMMANDS = {
  serve: async () => (await import('./commands/serve.ts')).serveCommand(),
  demo: async () => (await import('./commands/serve.ts')).demoCommand(),
  worker: async () => (await import('./commands/worker.ts')).workerCommand(),
  migrate: async () => (await import('./commands/migrate.ts')).migrateCommand(),
  keys: async () => (await import('./commands/keys.ts')).keysCommand(),
  prices: async () => (await import('./commands/prices.ts')).pricesCommand(),
  catalog: async () => (await import('./commands/catalog.ts')).catalogCommand(),
  replay: async () => (await import('./commands/replay.ts')).replayCommand(),
  verify: async () => (await import('./commands/verify.ts')).verifyCommand(),
} satisfies Record<string, () => Promise<Command>>;

export type CommandName = keyof typeof COMMANDS;

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}
