import { inOrganization, type Viewer } from '../access/viewer.ts';
import type { Tx } from '../infra/db.ts';
import { once } from '../infra/idempotency.ts';
import { type Checker, createChecker } from '../kit/check.ts';
import { withoutIbans } from '../kit/iban.ts';
import { type Id, newId } from '../kit/ids.ts';
import { type CommonRefusal, conflict, type Invalid, invalid, isRefusal } from '../kit/refusal.ts';
import type { Cipher } from './cipher.ts';
import type { PaymentsRoom } from './deps.ts';
import { moduleOf } from './modules.ts';
import type { ProviderKind } from './provider.ts';
import type { ProviderField } from './provider-module.ts';
import { findProvider, insertProvider, unsetDefault, updateProvider } from './provider-store.ts';
import { refuseCardNumbers } from './refuse-card-numbers.ts';
import { sandboxSettings } from './sandbox-settings.ts';

/** What a provider is told: by its kind, and by the names of that kind's fields. */
export interface SavePaymentProviderInput {
  readonly code: string;
  readonly kind: ProviderKind;
  readonly config: Readonly<Record<string, string | null | undefined>>;
  readonly isDefault?: boolean | null | undefined;
  readonly enabled?: boolean | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface ProviderSaved {
  readonly providerId: Id<'paymentProvider'>;
}

interface Config {
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

const MAX_VALUE = 4_096;

/**
 * Makes a provider what the input says. Of one that is there a secret that is left out stays as it is; of what may be shown
 * all is said anew. Its kind never changes.
 */
export async function savePaymentProvider(
  room: PaymentsRoom,
  viewer: Viewer,
  input: SavePaymentProviderInput,
): Promise<ProviderSaved | CommonRefusal> {
  const { db, clock } = room;
  const check = createChecker();
  check.code('code', input.code);
  const given = readConfig(check, input);
  refuseCardNumbers(check, {
    code: input.code,
    // Bank accounts are what is to be said here.
    config: mapped(input.config, withoutIbans),
    idempotencyKey: input.idempotencyKey,
  });
  const fault = check.fault();
  if (fault) return fault;
  // Secrets are not among what a key is remembered with.
  const { config: _secrets, ...content } = input;
  const call = {
    ...inOrganization(viewer),
    operation: 'savePaymentProvider',
    input: { ...content, fields: Object.keys(input.config).sort() },
  };
  return db.transaction((tx) =>
    once<ProviderSaved | CommonRefusal>(tx, clock, call, () =>
      save(tx, room, viewer, input, given),
    ),
  );
}

async function save(
  tx: Tx,
  { clock, providers, settings: { cipher } }: PaymentsRoom,
  viewer: Viewer,
  input: SavePaymentProviderInput,
  given: Config,
): Promise<ProviderSaved | CommonRefusal> {
  const there = await findProvider(tx, viewer, input.code);
  if (there && there.kind !== input.kind) {
    return conflict('kind', `It is of the kind ${there.kind}, which never changes.`);
  }
  if (input.kind === 'SANDBOX' && viewer.mode === 'LIVE') {
    return conflict('kind', 'A sandbox only pretends: a LIVE organization cannot be paid by it.');
  }
  const id = there?.id ?? newId('paymentProvider');
  const isSandbox = input.kind === 'SANDBOX';
  const settings = isSandbox ? sandboxSettings(given.settings, there?.settings) : given.settings;
  const before = there?.secrets ?? null;
  const secrets = isSandbox ? null : secretsWith(before, given.secrets, id, input.kind, cipher);
  if (isRefusal(secrets)) return secrets;
  const problem = await providers.problemOf(input.kind, { ...settings, ...secrets });
  if (problem !== null) return invalid({ path: 'config', code: 'NOT_ALLOWED', message: problem });
  const now = clock.now();
  const isDefault = input.isDefault ?? there?.isDefault ?? false;
  if (isDefault && !there?.isDefault) await unsetDefault(tx, viewer, now);
  const sealed = secrets && cipher ? cipher.seal(JSON.stringify(secrets), id) : null;
  const row = { settings, secrets: sealed, isDefault };
  if (there) {
    const disabledAt = input.enabled === false ? (there.disabledAt ?? now) : null;
    await updateProvider(tx, id, { ...row, disabledAt }, now);
  } else {
    const names = { id, ...inOrganization(viewer), code: input.code, kind: input.kind };
    await insertProvider(tx, { ...names, ...row }, now);
  }
  return { providerId: id as Id<'paymentProvider'> };
}

/** The secrets that there are and those that were given; null for a kind that has none. */
function secretsWith(
  before: Uint8Array | null,
  given: Readonly<Record<string, string>>,
  id: string,
  kind: ProviderKind,
  cipher: Cipher | null,
): Record<string, string> | null | Invalid {
  const wanted = moduleOf(kind).fields.filter(({ isSecret }) => isSecret);
  if (wanted.length === 0) return null;
  if (cipher === null) {
    const message = 'There is no key to keep its secrets with: set DRAWDOWN_ENCRYPTION_KEY.';
    return invalid({ path: 'config', code: 'NOT_ALLOWED', message });
  }
  const known = before === null ? {} : (JSON.parse(cipher.open(before, id)) as object);
  const secrets: Record<string, string> = { ...known, ...given };
  const check = createChecker();
  for (const { name, isRequired } of wanted) {
    if (!isRequired || secrets[name] !== undefined) continue;
    check.note(`config.${name}`, 'REQUIRED', 'It was never said.');
  }
  return check.fault() ?? secrets;
}

function readConfig(check: Checker, { kind, config }: SavePaymentProviderInput): Config {
  const { fields } = moduleOf(kind);
  const known = new Map(fields.map((field) => [field.name, field]));
  for (const name of Object.keys(config)) {
    if (!known.has(name)) check.note(`config.${name}`, 'NOT_ALLOWED', `${kind} has no such field.`);
  }
  const read = (isSecret: boolean) =>
    Object.fromEntries(
      fields
        .filter((field) => field.isSecret === isSecret)
        .flatMap((field) => readField(check, field, config[field.name])),
    );
  return { settings: read(false), secrets: read(true) };
}

function readField(
  check: Checker,
  { name, isSecret, isRequired, problemOf }: ProviderField,
  value: string | null | undefined,
): [string, string][] {
  const path = `config.${name}`;
  if (value == null) {
    // A secret may be known already.
    if (isRequired && !isSecret) check.note(path, 'REQUIRED', 'Say it.');
    return [];
  }
  check.text(path, value, MAX_VALUE);
  const problem = problemOf(value);
  if (problem !== null) check.note(path, 'BAD_FORMAT', problem);
  return [[name, value]];
}

function mapped(
  config: SavePaymentProviderInput['config'],
  change: (text: string) => string,
): Readonly<Record<string, string>> {
  const texts = Object.entries(config).map(([name, text]) => [name, change(text ?? '')]);
  return Object.fromEntries(texts);
}
