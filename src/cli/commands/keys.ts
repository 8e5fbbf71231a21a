import { Command, Option } from 'commander';
import { toTypeId } from '../../kit/ids.ts';
import type { Conflict, Invalid, NotFound, Refusal } from '../../kit/refusal.ts';
import { CommandError, orOneLine } from '../command-error.ts';
import { withAccess } from '../open-access.ts';

interface CreateOptions {
  readonly organization: string;
  readonly mode?: 'live' | 'test';
  readonly scopes?: string;
  readonly name: string;
  readonly json?: boolean;
}

interface ListOptions {
  readonly organization?: string;
  readonly json?: boolean;
}

interface RevokeOptions {
  readonly json?: boolean;
}

const HELP = `
These commands work on the database itself: the one of DATABASE_URL, or the embedded one in
DRAWDOWN_DATA_DIR, also while a server runs on it.

Examples:
  $ drawdown keys create --organization Acme --json
  $ drawdown keys create --organization Acme --scopes usage:write,wallet:read --name "Edge workers"
  $ drawdown keys revoke key_01h455vb4pex5vsknk084sn02q`;

/** `drawdown keys ...` */
export function keysCommand(): Command {
  const keys = new Command('keys').description('API keys').addHelpText('after', HELP);
  keys
    .command('create')
    .description('make a key and print it, once')
    .requiredOption('--organization <name>', 'whose key; the organization is made when missing')
    .addOption(
      new Option('--mode <mode>', 'of a new organization (default: test)').choices([
        'live',
        'test',
      ]),
    )
    .option('--scopes <list>', 'a restricted key that may do this: usage:write,wallet:read')
    .option('--name <text>', 'what the key is for', 'Command line')
    .option('--json', 'print {"organization","key"} and more as one line of JSON')
    .action(orOneLine(createKey));
  keys
    .command('list')
    .description('every key, without its secret')
    .option('--organization <name>', "only this organization's")
    .option('--json', 'print one line of JSON')
    .action(orOneLine(listKeys));
  keys
    .command('revoke')
    .description('stop a key for ever; running servers notice within a second')
    .argument('<id>', 'the id of the key: key_...')
    .option('--json', 'print one line of JSON')
    .action(orOneLine(revokeKey));
  return keys;
}

async function createKey(options: CreateOptions): Promise<void> {
  const { organization, apiKeyId, secret } = await withAccess({ mayCreate: true }, async (access) =>
    agreed(
      await access.issueKey({
        organization: options.organization,
        mode: modeOf(options.mode),
        name: options.name,
        scopes: options.scopes?.split(',').map((scope) => scope.trim()) ?? null,
      }),
    ),
  );
  if (!options.json) return print(secret);
  printJson({
    organization: organization.name,
    organizationId: toTypeId('organization', organization.id),
    mode: organization.mode,
    id: toTypeId('apiKey', apiKeyId),
    key: secret,
  });
}

async function listKeys(options: ListOptions): Promise<void> {
  const rows = await withAccess({ mayCreate: false }, (access) =>
    access.listAllKeys(options.organization ?? null),
  );
  const keys = rows.map((row) => ({
    id: toTypeId('apiKey', row.id),
    organization: row.organization.name,
    mode: row.organization.mode,
    name: row.name,
    hint: row.hint,
    kind: row.kind,
    scopes: row.scopes,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    revokedAt: row.revokedAt,
    lastUsedAt: row.lastUsedAt,
  }));
  if (options.json) return printJson(keys);
  for (const key of keys) {
    const reach = key.kind === 'SECRET' ? 'every scope' : key.scopes.join(',');
    const end = key.revokedAt
      ? 'revoked'
      : key.expiresAt
        ? `until ${key.expiresAt.toISOString()}`
        : '';
    print([key.id, key.hint, key.organization, key.name, reach, end].join('\t').trimEnd());
  }
}

async function revokeKey(id: string, options: RevokeOptions): Promise<void> {
  await withAccess({ mayCreate: false }, async (access) => agreed(await access.revokeAnyKey(id)));
  if (options.json) return printJson({ id, revoked: true });
  print(`${id} is revoked.`);
}

function modeOf(mode: CreateOptions['mode']): 'LIVE' | 'TEST' | null {
  if (mode === undefined) return null;
  return mode === 'live' ? 'LIVE' : 'TEST';
}

type OperatorRefusal = Invalid | Conflict | NotFound;

/** What was done; a refusal ends the command with its reasons. */
function agreed<T extends object>(outcome: T | OperatorRefusal): Exclude<T, Refusal> {
  if ('refusal' in outcome) throw new CommandError(reasonsOf(outcome as OperatorRefusal));
  return outcome as Exclude<T, Refusal>;
}

function reasonsOf(refusal: OperatorRefusal): string {
  switch (refusal.refusal) {
    case 'Invalid':
      return refusal.issues.map(({ path, message }) => `${path}: ${message}`).join(' ');
    case 'Conflict':
      return refusal.message;
    case 'NotFound':
      return `There is no ${refusal.what} "${refusal.given}".`;
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function printJson(value: unknown): void {
  print(JSON.stringify(value));
}
