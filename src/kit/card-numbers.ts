/**
 * Digits with blanks or dashes between them, or a UUID, which is no number however many digits are in it. What
 * separates is taken as people type it and as word processors make it of that.
 */
const RUN =
  /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}|\d+(?:[ \t_\-\u00a0\u00ad\u2000-\u200b\u2010-\u2015\u202f\u2212\u3000]{1,3}\d+)*/gi;
const UUID_LENGTH = 36;
const MIN_DIGITS = 13;
const MAX_DIGITS = 19;
const REDACTED = '[card number]';

/**
 * Whether a text has something in it that may be the number of a card: 13 to 19 digits, in groups or not, whose
 * check digit is right. No card begins with 0, and one with 1 pays for flights only; times in milliseconds do, so
 * these are none. Digits of other widths are digits.
 */
export function hasCardNumber(text: string): boolean {
  const plain = text.normalize('NFKC');
  return redactCardNumbers(plain) !== plain;
}

/** As many digits as the shortest number has, however they are separated: most texts are done with when they have none. */
const ENOUGH_DIGITS =
  /\d(?:[ \t_\-\u00a0\u00ad\u2000-\u200b\u2010-\u2015\u202f\u2212\u3000]{0,3}\d){12}/;

/** The text without what may be numbers of cards. */
export function redactCardNumbers(text: string): string {
  if (!ENOUGH_DIGITS.test(text)) return text;
  return text.replace(RUN, (run) =>
    run.length < MIN_DIGITS || isUuid(run) ? run : redactRun(run),
  );
}

function isUuid(run: string): boolean {
  return run.length === UUID_LENGTH && /^[^-]{8}-[^-]{4}-[^-]{4}-[^-]{4}-[^-]{12}$/.test(run);
}

/** Other numbers may stand before it and behind it: `3 x 4242 4242 4242 4242 12/34`. */
function redactRun(run: string): string {
  const groups = [...run.matchAll(/\d+/g)];
  let redacted = '';
  let done = 0;
  for (let first = 0; first < groups.length; first += 1) {
    const last = lastOfNumber(groups, first);
    if (last < 0) continue;
    redacted += run.slice(done, groups[first]?.index) + REDACTED;
    done = endOf(groups[last]);
    first = last;
  }
  return redacted + run.slice(done);
}

/** The group that ends the longest number which this group begins; -1 when it begins none. */
function lastOfNumber(groups: readonly RegExpExecArray[], first: number): number {
  let digits = '';
  let found = -1;
  if (!/^[2-9]/.test(groups[first]?.[0] ?? '')) return found;
  for (let last = first; last < groups.length; last += 1) {
    digits += groups[last]?.[0];
    if (digits.length > MAX_DIGITS) return found;
    if (isCardNumber(digits)) found = last;
  }
  return found;
}

function endOf(group: RegExpExecArray | undefined): number {
  return group ? group.index + group[0].length : 0;
}

function isCardNumber(digits: string): boolean {
  return digits.length >= MIN_DIGITS && hasRightCheckDigit(digits);
}

/** Luhn: ISO/IEC 7812-1, annex B. */
function hasRightCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = place % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
