import { type Checker, createChecker } from '../kit/check.ts';
import { type Invalid, invalid } from '../kit/refusal.ts';
import type { ConsumptionInput } from './consumption.ts';

export const NAME_MAX = 255;

/** What goes with each of the four. */
const COMPANIONS = {
  event: [],
  metric: ['quantity', 'properties'],
  asset: ['amount'],
  feature: ['quantity', 'properties', 'subject'],
} as const;

/** Says everything that is wrong with a consumption that was found not to be sound. */
export function explainConsumption(
  input: ConsumptionInput,
  path: string,
  assetScale: number | undefined,
): Invalid {
  const given = (['event', 'metric', 'asset', 'feature'] as const).filter(
    (name) => input[name] != null,
  );
  const [kind, ...more] = given;
  if (!kind || more.length > 0) return notOne(path, given.length);
  const check = createChecker();
  const companions: readonly string[] = COMPANIONS[kind];
  for (const name of ['quantity', 'properties', 'amount', 'subject'] as const) {
    if (input[name] == null || companions.includes(name)) continue;
    check.note(path + name, 'NOT_ALLOWED', `This does not go with "${kind}".`);
  }
  if (kind === 'event') explainEvent(check, input, path);
  if (kind === 'metric') {
    explainAmount(check, `${path}quantity`, input.quantity);
    check.object(`${path}properties`, input.properties);
  }
  if (kind === 'asset') explainAmount(check, `${path}amount`, input.amount, assetScale);
  if (kind === 'feature') {
    if (input.quantity != null) explainAmount(check, `${path}quantity`, input.quantity);
    check.optionalText(`${path}subject`, input.subject, NAME_MAX);
    check.object(`${path}properties`, input.properties);
  }
  const fault = check.fault();
  if (!fault)
    throw new Error('A check was found unsound, and then nothing was found wrong with it.');
  return fault;
}

function notOne(path: string, count: number): Invalid {
  return invalid({
    path: path.replace(/\.$/, ''),
    code: count === 0 ? 'REQUIRED' : 'NOT_ALLOWED',
    message: 'Give exactly one of "event", "metric", "asset" and "feature".',
  });
}

function explainEvent(check: Checker, { event }: ConsumptionInput, path: string): void {
  if (event == null) return;
  check.text(`${path}event.type`, event.type, NAME_MAX);
  check.optionalText(`${path}event.subject`, event.subject, NAME_MAX);
  check.instant(`${path}event.occurredAt`, event.occurredAt);
  check.object(`${path}event.properties`, event.properties);
}

function explainAmount(check: Checker, path: string, raw: unknown, scale?: number): void {
  if (raw == null) check.note(path, 'REQUIRED', 'Say how much of it.');
  else check.nonNegative(path, raw, scale);
}
