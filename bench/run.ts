import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { benchBatch } from './batch.ts';
import { benchCheck } from './check.ts';
import { benchFanout } from './fanout.ts';
import { benchHold } from './hold.ts';
import { benchHot } from './hot.ts';
import { type Bench, openLab } from './lab.ts';
import { describeRun } from './machine.ts';
import { benchMemory } from './memory.ts';
import { benchOverload } from './overload.ts';
import { benchPush } from './push.ts';
import { benchRecharge } from './recharge.ts';
import { type Line, toTable } from './report.ts';
import { benchSingle } from './single.ts';
import { FULL, QUICK, type Sizes } from './sizes.ts';
import { benchSockets } from './sockets.ts';

const SCENARIOS: Record<string, (bench: Bench) => Promise<Line[]>> = {
  batch: benchBatch,
  hot: benchHot,
  hold: benchHold,
  single: benchSingle,
  check: benchCheck,
  recharge: benchRecharge,
  push: benchPush,
  fanout: benchFanout,
  sockets: benchSockets,
  overload: benchOverload,
  memory: benchMemory,
};

const USAGE = `npm run bench -- [${Object.keys(SCENARIOS).join('|')} ...] [--quick] [--write] [--profile <folder>]
  [--customers n] [--rounds n] [--events n] [--round-ms n]`;

const RESULTS = new URL('./RESULTS.md', import.meta.url);

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    profile: { type: 'string' },
    customers: { type: 'string' },
    rounds: { type: 'string' },
    events: { type: 'string' },
    'round-ms': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** Prints, and writes on request, what the scenarios measured: ratios, each within this one run. */
async function run(names: readonly string[]): Promise<void> {
  const lab = await openLab({ sizes: sizesOf(), profileDir: flags.profile ?? null });
  const lines: Line[] = [];
  process.once('SIGINT', () => void lab.close().finally(() => process.exit(130)));
  try {
    for (const name of names) {
      console.log(`${name} ...`);
      const measured = await lab.withBench(SCENARIOS[name] as (bench: Bench) => Promise<Line[]>);
      lines.push(...measured);
      console.log(`${toTable(measured)}\n`);
    }
  } finally {
    await lab.close();
  }
  const text = `${describeRun(lab.postgresVersion)}\n\n${toTable(lines)}\n`;
  console.log(text);
  if (flags.write) await writeFile(RESULTS, `${PREFACE}\n${text}`);
}

const PREFACE = `# What the benchmarks printed

Written by \`npm run bench -- --write\`. Each ratio compares two things measured in turns in the same run, and
is the median of its rounds; the absolute figures say more about the machine than about the product.
`;

function sizesOf(): Sizes {
  const base = flags.quick ? QUICK : FULL;
  const given = (text: string | undefined, otherwise: number) => (text ? Number(text) : otherwise);
  return {
    ...base,
    customers: given(flags.customers, base.customers),
    rounds: given(flags.rounds, base.rounds),
    roundMs: given(flags['round-ms'], base.roundMs),
    batchEvents: given(flags.events, base.batchEvents),
    memoryEvents: given(flags.events, base.memoryEvents),
  };
}

const wanted = positionals.length > 0 ? positionals : Object.keys(SCENARIOS);
if (flags.help || wanted.some((name) => !(name in SCENARIOS))) console.log(USAGE);
else await run(wanted);
