import { hasCardNumber } from '../kit/card-numbers.ts';
import { type Checker, createChecker } from '../kit/check.ts';
import type { Invalid } from '../kit/refusal.ts';

const MESSAGE =
  'This looks like the number of a card. Never send one: the page of the provider takes it. If it is none, write it so that it does not look like one, with a letter between its digits.';

/**
 * Notes where an input has what may be the number of a card, in any text of it, however deep, and in the names and numbers of
 * JSON. Says where, and never what: answers are logged by whoever gets them. Amounts, which are read as such, are left out by the
 * caller.
 */
export function refuseCardNumbers(check: Checker, input: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(input)) note(check, name, value);
}

/** The same for an input that is not read otherwise. */
export function cardNumberFault(input: Readonly<Record<string, unknown>>): Invalid | null {
  const check = createChecker();
  refuseCardNumbers(check, input);
  return check.fault();
}

/** What is deeper is refused by whoever reads it. */
const DEEPEST = 100;

function note(check: Checker, path: string, value: unknown, level = 0): void {
  if (typeof value === 'string' || typeof value === 'number') {
    if (hasCardNumber(String(value))) check.note(path, 'CARD_NUMBER', MESSAGE);
    return;
  }
  if (typeof value !== 'object' || value === null || level === DEEPEST) return;
  for (const [name, item] of Object.entries(value)) {
    // A name that is a number is not to be repeated either.
    if (hasCardNumber(name)) check.note(path, 'CARD_NUMBER', MESSAGE);
    else note(check, `${path}.${name}`, item, level + 1);
  }
}
