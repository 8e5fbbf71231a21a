import { inOrganization, type Viewer } from '../access/viewer.ts';
import type { Tx } from '../infra/db.ts';
import { once } from '../infra/idempotency.ts';
import { type Checker, createChecker } from '../kit/check.ts';
import { type Id, newId } from '../kit/ids.ts';
import { type CommonRefusal, conflict, type Invalid, isRefusal } from '../kit/refusal.ts';
import type { Cipher } from './cipher.ts';
import type { PaymentsRoom } from './deps.ts';
import { moduleOf } from './modules.ts';
import type { ProviderKind } from './provider.ts';
import type { ProviderField } from './provider-module.ts';
import { findProvider, insertProvider, unsetDefault, updateProvider } from './provider-store.ts';

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
  const { db, clock, settings } = room;
  const check = createChecker();
  check.code('code', input.code);
  const given = readConfig(check, input);
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
      save(tx, viewer, input, given, settings.cipher, clock.now()),
    ),
  );
}

async function save(
  tx: Tx,
  viewer: Viewer,
  input: SavePaymentProviderInput,
  given: Config,
  cipher: Cipher | null,
  now: Date,
): Promise<ProviderSaved | CommonRefusal> {
  const there = await findProvider(tx, viewer, input.code);
  if (there && there.kind !== input.kind) {
    return conflict('kind', `It is of the kind ${there.kind}, which never changes.`);
  }
  if (input.kind === 'SANDBOX' && viewer.mode === 'LIVE') {
    return conflict('kind', 'A sandbox only pretends: a LIVE organization cannot be paid by it.');
  }
  const id = there?.id ?? newId('paymentProvider');
  const secrets = sealed(there?.secrets ?? null, given.secrets, id, input.kind, cipher);
  if (isRefusal(secrets)) return secrets;
  const isDefault = input.isDefault ?? there?.isDefault ?? false;
  if (isDefault && !there?.isDefault) await unsetDefault(tx, viewer, now);
  const row = { settings: given.settings, secrets, isDefault };
  if (there) {
    const disabledAt = input.enabled === false ? (there.disabledAt ?? now) : null;
    await updateProvider(tx, id, { ...row, disabledAt }, now);
  } else {
    const names = { id, ...inOrganization(viewer), code: input.code, kind: input.kind };
    await insertProvider(tx, { ...names, ...row }, now);
  }
  return { providerId: id as Id<'paymentProvider'> };
}

/** The secrets that there are and those that were given, as one text that only our key opens. */
function sealed(
  before: Uint8Array | null,
  given: Readonly<Record<string, string>>,
  id: string,
  kind: ProviderKind,
  cipher: Cipher | null,
): Buffer | null | Invalid {
  const wanted = moduleOf(kind).fields.filter(({ isSecret }) => isSecret);
  if (wanted.length === 0) return null;
  const check = createChecker();
  if (cipher === null) {
    const message = 'There is no key to keep it with: set DRAWDOWN_ENCRYPTION_KEY.';
    check.note('config', 'NOT_ALLOWED', message);
    return check.fault();
  }
  const known = before === null ? {} : (JSON.parse(cipher.open(before, id)) as object);
  const secrets: Record<string, string> = { ...known, ...given };
  for (const { name, isRequired } of wanted) {
    if (isRequired && secrets[name] === undefined)
      check.note(`config.${name}`, 'REQUIRED', 'Say it.');
  }
  return check.fault() ?? cipher.seal(JSON.stringify(secrets), id);
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
