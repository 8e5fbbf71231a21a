import { createChecker } from '../kit/check.ts';
import { type Invalid, invalid } from '../kit/refusal.ts';
import type { ApiKeyKind } from './api-key.ts';
import { isScope, SCOPES } from './scopes.ts';

const NAME_MAX = 100;

/**
 * What a key may do. A secret key exceeds every restricted one, whatever scopes come in later
 * versions.
 */
export interface Reach {
  readonly kind: ApiKeyKind;
  /** Empty for a secret key. */
  readonly scopes: readonly string[];
}

export interface ReachInput {
  readonly name: string;
  /** Given, whichever they are: a restricted key. Absent: a secret key, which has all of them. */
  readonly scopes?: readonly string[] | null | undefined;
}

/** What the input asks for, once its name and scopes are right. */
export function checkedReach(input: ReachInput): Reach | Invalid {
  const check = createChecker();
  check.text('name', input.name, NAME_MAX);
  if (input.scopes == null) return check.fault() ?? { kind: 'SECRET', scopes: [] };
  if (input.scopes.length === 0) {
    check.note('scopes', 'TOO_FEW', 'Name at least one; leave `scopes` out for a secret key.');
  }
  input.scopes.forEach((scope, index) => {
    if (isScope(scope)) return;
    check.note(`scopes.${index}`, 'NOT_ALLOWED', `One of ${SCOPES.join(', ')}.`);
  });
  return check.fault() ?? { kind: 'RESTRICTED', scopes: [...new Set(input.scopes)] };
}

/** What `wanted` may do and `caller` may not; null when there is nothing. */
export function excessOf(caller: Reach, wanted: Reach): readonly string[] | null {
  if (caller.kind === 'SECRET') return null;
  if (wanted.kind === 'SECRET') return SCOPES.filter((scope) => !caller.scopes.includes(scope));
  const excess = wanted.scopes.filter((scope) => !caller.scopes.includes(scope));
  return excess.length > 0 ? excess : null;
}

/** The refusal of an escalation; `path` is what in the input went too far. */
export function tooMuch(path: string, excess: readonly string[]): Invalid {
  const lacking = excess.length > 0 ? ` It lacks ${excess.join(', ')}.` : '';
  const rule = 'A restricted key cannot make or change a key that may do more than itself.';
  return invalid({ path, code: 'NOT_ALLOWED', message: rule + lacking });
}
