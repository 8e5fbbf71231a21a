import { describe, expect, test } from 'vitest';
import { readHouse } from './support/house-files.ts';
import { importsOf } from './support/house-imports.ts';
import { checkHouse } from './support/house-rules.ts';
import { readSource } from './support/source-text.ts';

const ROOT = new URL('..', import.meta.url).pathname;

test('every file follows the rules of the house', async () => {
  const house = await readHouse(ROOT);
  const violations = house.flatMap(checkHouse);
  expect(violations, `\n${violations.join('\n')}\n`).toEqual([]);
});

test('the rules see the whole house', async () => {
  const house = await readHouse(ROOT);
  const paths = house.map(({ path }) => path);
  for (const path of ['src/main.ts', 'src/kit/clock.ts', 'schema/builder.ts', 'vitest.config.ts']) {
    expect(paths).toContain(path);
  }
  expect(paths.some((path) => path.includes('generated/'))).toBe(false);
  const main = house.find(({ path }) => path === 'src/main.ts');
  expect(main && importsOf(main).map(({ specifier }) => specifier)).toContain('./config.ts');
});

function importing(specifier: string): string {
  return `import { thing } from '${specifier}';\n`;
}

/** A made-up file, and what the only complaint about it says. */
function expectViolation(path: string, source: string, message: string): void {
  const violations = checkHouse({ path, source });
  expect(violations).toHaveLength(1);
  expect(violations[0]).toContain(message);
  // One sentence that begins with the place and goes on with the repair.
  expect(violations[0]).toMatch(/^[\w./-]+(?::\d+)?: .+\w.*[^.]\.$/);
}

function expectClean(path: string, source: string): void {
  expect(checkHouse({ path, source })).toEqual([]);
}

describe('imports go down', () => {
  test.each([
    ['src/kit/ids.ts', '../infra/log.ts', 'kit must not see infra'],
    ['src/infra/db.ts', '../config.ts', 'infra must not see config'],
    ['src/infra/db.ts', '../ledger/post.ts', 'infra must not see ledger'],
    ['src/access/keys.ts', '../customers/store.ts', 'access must not see customers'],
    ['src/live/bus.ts', '../ledger/post.ts', 'live must not see ledger'],
    ['src/live/bus.ts', '../webhooks/service.ts', 'live must not see webhooks'],
    ['src/usage/record.ts', '../webhooks/service.ts', 'usage must not see webhooks'],
    ['src/webhooks/deliver.ts', '../ledger/post.ts', 'webhooks must not see ledger'],
    ['src/mail/service.ts', '../alerts/rule.ts', 'mail must not see alerts'],
    ['src/ledger/post.ts', '../rating/rate.ts', 'ledger must not see rating'],
    ['src/ledger/sql/lock-wallet.ts', '../../usage/event.ts', 'ledger must not see usage'],
    ['src/clocks/advance.ts', '../ledger/service.ts', 'clocks must not see ledger'],
    ['src/live/bus.ts', '../clocks/timed-work.ts', 'live must not see clocks'],
    ['src/rating/rate.ts', '../ledger/post.ts', 'rating must not see ledger'],
    ['src/rating/rate.ts', '../infra/log.ts', 'rating must not see infra'],
    ['src/rating/rate.ts', '../access/viewer.ts', 'rating must not see access'],
    ['src/catalog/metric.ts', '../customers/store.ts', 'catalog must not see customers'],
    ['src/catalog/metric.ts', '../usage/record.ts', 'catalog must not see usage'],
    ['src/usage/record.ts', '../access/keys.ts', 'a room sees only src/access/viewer.ts'],
    ['src/usage/record.ts', '../server/http.ts', 'usage must not see server'],
    ['src/usage/record.ts', '../worker/tasks.ts', 'usage must not see worker'],
    ['src/usage/record.ts', '../cli/main.ts', 'usage must not see cli'],
    ['src/usage/record.ts', '../services.ts', 'usage must not see services'],
    ['src/usage/record.ts', '../main.ts', 'usage must not see main'],
    ['src/usage/record.ts', '../../schema/usage.ts', 'only src/main.ts, src/server and src/cli'],
    ['src/worker/tasks.ts', '../../schema/index.ts', 'only src/main.ts, src/server and src/cli'],
    ['src/worker/tasks.ts', '../server/http.ts', 'worker must not see server'],
    ['src/server/http.ts', '../cli/main.ts', 'server must not see cli'],
    ['src/server/http.ts', '../main.ts', 'server must not see main'],
    ['src/laws/verify.ts', '../services.ts', 'laws must not see services'],
    ['src/sdk/block.ts', '../ledger/post.ts', 'sdk must not see ledger'],
    ['src/sdk/hold-api.ts', '../cli/api.ts', 'sdk must not see cli'],
    ['src/sdk/hold-api.ts', '../../schema/hold.ts', 'only src/main.ts, src/server and src/cli'],
    ['src/server/http.ts', '../sdk/block.ts', 'server must not see sdk'],
    ['src/ledger/post.ts', '../laws/law.ts', 'ledger must not see laws'],
    ['src/config.ts', './services.ts', 'config must not see services'],
    ['src/services.ts', './server/http.ts', 'services must not see server'],
    ['schema/wallet.ts', '../src/server/http.ts', 'schema must not see server'],
    ['schema/wallet.ts', '../src/worker/tasks.ts', 'schema must not see worker'],
    ['schema/wallet.ts', '../src/cli/main.ts', 'schema must not see cli'],
    ['schema/wallet.ts', '../src/config.ts', 'schema must not see config'],
    ['src/ledger/post.ts', '../../test/support/redis.ts', 'is not part of the product'],
    ['src/gossip/service.ts', '../kit/ids.ts', 'the folder gossip has no place in the house'],
  ])('%s may not import %s', (path, specifier, message) => {
    expectViolation(path, importing(specifier), message);
  });

  test.each([
    ['src/main.ts', '../schema/index.ts'],
    ['src/main.ts', './worker/worker.ts'],
    ['src/services.ts', './access/service.ts'],
    ['src/server/http.ts', '../../schema/index.ts'],
    ['src/cli/main.ts', '../main.ts'],
    ['src/worker/tasks.ts', '../ledger/service.ts'],
    ['src/cli/commands/verify.ts', '../../laws/verify.ts'],
    ['src/laws/verify.ts', '../rating/rate.ts'],
    ['src/sdk/block.ts', '../kit/decimal.ts'],
    ['src/cli/api.ts', '../sdk/post-graphql.ts'],
    ['schema/context.ts', '../src/services.ts'],
    ['schema/usage.ts', '../src/usage/event.ts'],
    ['src/usage/record.ts', '../customers/resolve.ts'],
    ['src/usage/record.ts', '../live/publish.ts'],
    ['src/ledger/expiry.ts', '../clocks/timed-work.ts'],
    ['src/usage/record.ts', './sql/insert-events.ts'],
    ['src/catalog/metric.ts', '../rating/price-book.ts'],
    ['src/ledger/post.ts', '../access/viewer.ts'],
    ['src/infra/log.ts', '../kit/clock.ts'],
    ['src/webhooks/deliver.ts', '../live/event-log.ts'],
    ['src/worker/jobs.ts', '../webhooks/service.ts'],
    ['src/cli/version.ts', '../../package.json'],
    ['test/api/usage.test.ts', '../../src/usage/record.ts'],
  ])('%s may import %s', (path, specifier) => {
    expectClean(path, importing(specifier));
  });
});

describe('packages have their places', () => {
  test.each([
    ['src/server/graphql/yoga.ts', '@pothos/core', 'belongs to schema/'],
    ['src/usage/record.ts', 'ioredis', 'use the bus'],
    ['schema/wallet.ts', 'ioredis', 'use the bus'],
    ['src/mail/service.ts', 'nodemailer', 'take a SendMail'],
    ['src/ledger/post.ts', '../../prisma/generated/client/client.ts', 'the Prisma client belongs'],
    ['src/rating/store.ts', '@prisma/client', 'the Prisma client belongs'],
    ['src/server/store.ts', '@prisma/adapter-pg', 'the Prisma client belongs'],
    ['schema/wallet.ts', '../prisma/generated/client/client.ts', 'the Prisma client belongs'],
  ])('%s may not import %s', (path, specifier, message) => {
    expectViolation(path, importing(specifier), message);
  });

  test.each([
    ['schema/wallet.ts', '@pothos/core'],
    ['src/infra/redis.ts', 'ioredis'],
    ['src/infra/mailer.ts', 'nodemailer'],
    ['src/live/redis-bus.ts', 'ioredis'],
    ['src/infra/db.ts', '../../prisma/generated/client/client.ts'],
    ['schema/builder.ts', '../prisma/generated/client/client.ts'],
    ['src/ledger/store.ts', '../../prisma/generated/client/client.ts'],
    ['src/access/key-store.ts', '../../prisma/generated/client/client.ts'],
  ])('%s may import %s', (path, specifier) => {
    expectClean(path, importing(specifier));
  });

  test.each([
    "import type { Redis } from 'ioredis';",
    "import {\n  type Redis,\n  Cluster,\n} from 'ioredis';",
    "import 'ioredis';",
    "export { Redis } from 'ioredis';",
    "export * from 'ioredis';",
    "const { Redis } = await import('ioredis');",
    "type R = import('ioredis').Redis;",
    "const { Redis } = require('ioredis');",
  ])('an import is seen in every form: %j', (source) => {
    expectViolation('src/usage/record.ts', `${source}\n`, 'use the bus');
  });
});

describe('words are banned or have one place', () => {
  test.each([
    ['src/usage/record.ts', 'const port = process.env.PORT;', 'src/config.ts only'],
    ['src/usage/record.ts', "const port = process['env'];", 'src/config.ts only'],
    ['src/usage/record.ts', 'const { env } = process;', 'src/config.ts only'],
    ['src/usage/record.ts', "import { env } from 'node:process';", 'src/config.ts only'],
    ['src/usage/record.ts', 'const now = Date.now();', 'src/kit/clock.ts only'],
    ['src/usage/record.ts', `const text = \`at \${new Date().toISOString()}\`;`, 'take a Clock'],
    ['schema/scalars.ts', 'const read = (raw: string) => new Date(raw);', 'src/kit/clock.ts only'],
    ['src/ledger/sql/find.ts', 'const text = `WHERE due_at <= now()`;', 'hand the statement'],
    ['src/alerts/store.ts', "const text = 'SELECT CURRENT_TIMESTAMP';", 'hand the statement'],
    ['src/usage/record.ts', '// TODO: round it', 'do what this TODO says'],
    ['bench/run.ts', '/* one\n * FIXME two */', 'do what this FIXME says'],
    ['test/unit/a.test.ts', '// XXX', 'do what this XXX says'],
    ['test/unit/a.test.ts', "test.only('a', () => {});", 'take only away'],
    ['test/unit/a.test.ts', 'test.skip.each`a`;', 'take skip away'],
    ['test/unit/a.test.ts', "describe.todo('a');", 'take todo away'],
    ['test/unit/a.test.ts', "test.skipIf(slow)('a', run);", 'take skipIf away'],
    ['test/unit/a.test.ts', "test('a', ({ skip }) => context.skip());", 'take skip away'],
    ['test/unit/a.test.ts', "xit('a', () => {});", 'take xit away'],
    ['src/usage/record.ts', 'export default function record() {}', 'by the name of the file'],
    ['schema/wallet.ts', 'export { wallet as default };', 'by the name of the file'],
    ['src/usage/record.ts', 'const row = found as any;', 'name the type'],
    ['test/unit/a.test.ts', 'const row = <any>found;', 'name the type'],
    ['src/usage/record.ts', '// @ts-ignore', 'repair the type'],
    ['src/usage/record.ts', '// @ts-nocheck', 'repair the type'],
    ['src/usage/record.ts', 'export interface NewWallet {}', 'named after its age'],
    ['src/usage/record.ts', 'type WalletNew = Wallet;', 'named after its age'],
    ['src/usage/record.ts', 'export class RecordV2 {}', 'named after its age'],
    ['src/usage/record.ts', 'export function recordV2() {}', 'named after its age'],
  ])('in %s: %s', (path, source, message) => {
    expectViolation(path, `${source}\n`, message);
  });

  test.each([
    ['src/config.ts', 'const port = process.env.PORT;'],
    ['src/kit/clock.ts', 'const now = new Date(Date.now());'],
    ['test/unit/a.test.ts', 'const now = new Date(); const { PORT } = process.env;'],
    ['src/usage/record.ts', '// Not new Date(): the clock may be a manual one. Not as any either.'],
    ['src/webhooks/sql/add-jobs.ts', 'const text = `run_at => now()`;'],
    ['src/ledger/expiry.ts', 'const committedAt = clock.now();'],
    ['src/usage/record.ts', "const help = 'process.env, new Date(), as any, export default';"],
    ['src/usage/record.ts', 'const asks = /new Date|as any/;'],
    ['src/catalog/currencies.ts', "const none = 'XXX'; const isNew = true;"],
    ['src/usage/record.ts', '// A new Record, never a RecordV2.\nconst half = a / 2; // as any'],
    ['biome.config.ts', 'export default {};'],
    ['test/unit/a.test.ts', "test('a', () => expect(only.skip).toBe(1));"],
  ])('not in %s: %s', (path, source) => {
    expectClean(path, `${source}\n`);
  });
});

describe('names and sizes', () => {
  test.each([
    ['src/usage/recordUsage.ts', 'kebab-case'],
    ['schema/operations/Read_Balance.graphql', 'kebab-case'],
    ['src/usage/record-v2.ts', 'named after its age'],
    ['src/usage/new-record.ts', 'named after its age'],
    ['src/usage/index.ts', 'no index files'],
  ])('%s is renamed', (path, message) => {
    expectViolation(path, '', message);
  });

  test('a file of 301 lines is split, and one of 300 is not', () => {
    expectClean('src/usage/record.ts', 'f();\n'.repeat(300));
    expectViolation('src/usage/record.ts', 'f();\n'.repeat(301), 'it has 301 lines');
  });

  test.each([
    'schema/index.ts',
    'schema/operations/07-record-usage.variables.json',
    'test/a.test.ts',
  ])('%s keeps its name', (path) => expectClean(path, ''));
});

test('a violation names the line it stands on', () => {
  const source = '/* one\n two */\nconst a = `\n`;\nconst now = new Date();\n';
  expectViolation('src/usage/record.ts', source, 'src/usage/record.ts:5: ');
});

test.each([
  ['a = \'x\' + "y"; // z', 'a = \' \' + " ";     '],
  ["'it\\'s' + b", "'     ' + b"],
  [`\`a\${b + \`c\${d}\` + {}}e\` + f`, `\` \${b + \` \${d}\` + {}} \` + f`],
  ['a / b / c + /d"e/g', 'a / b / c + /   /g'],
  ["return /[/'](.)/.test(x)", 'return /       /.test(x)'],
  ['/* a */ b /* c */', '        b        '],
])('the code of %j has its strings, patterns and comments blanked', (source, code) => {
  expect(readSource(source).code.trimEnd()).toBe(code.trimEnd());
});
