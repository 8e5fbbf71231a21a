import { Command } from 'commander';
import { serveCommand } from './src/cli/commands/serve.ts';
import { workerCommand } from './src/cli/commands/worker.ts';
import { pricesCommand } from './src/cli/commands/prices.ts';
import { replayCommand } from './src/cli/commands/replay.ts';
const p = new Command('drawdown'); p.addCommand(serveCommand()); p.addCommand(workerCommand()); p.addCommand(pricesCommand()); p.addCommand(replayCommand());
await p.parseAsync();
