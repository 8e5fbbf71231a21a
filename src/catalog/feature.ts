import { createChecker } from '../kit/check.ts';
import { fromTypeId } from '../kit/ids.ts';
import type { Invalid } from '../kit/refusal.ts';

export type FeatureKind = 'BOOLEAN' | 'STATIC' | 'METERED';

export interface CreateFeatureInput {
  readonly code: string;
  readonly name?: string | null | undefined;
  readonly kind: FeatureKind;
  readonly metric?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** What a feature is, once checked; its metric is looked up yet. */
export interface FeatureDefinition {
  readonly code: string;
  readonly name: string;
  readonly kind: FeatureKind;
  /** The code or TypeID of a metric; null unless it is METERED. */
  readonly metric: string | null;
}

export function readFeatureDefinition(input: CreateFeatureInput): FeatureDefinition | Invalid {
  const check = createChecker();
  const { kind, metric = null } = input;
  const code = check.code('code', input.code);
  if (fromTypeId('feature', code)) check.note('code', 'NOT_ALLOWED', 'Must not look like an id.');
  const name = check.optionalText('name', input.name, 255) ?? code;
  if (kind === 'METERED' && metric === null) {
    check.note('metric', 'REQUIRED', 'METERED counts a metric: say which.');
  }
  if (kind !== 'METERED' && metric !== null) {
    check.note('metric', 'NOT_ALLOWED', `${kind} counts nothing; only METERED has a metric.`);
  }
  return check.fault() ?? { code, name, kind, metric };
}
