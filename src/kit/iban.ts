/** Two letters, two digits, and up to 30 more of both, in groups or not: it may go on behind the number. */
const LIKELY = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}/g;
const SHORTEST = 15;

/** The text without account numbers (ISO 13616) whose check digits are right, which are no numbers of cards. */
export function withoutIbans(text: string): string {
  return text.replace(LIKELY, (likely) => likely.slice(lengthOf(likely)));
}

/** How much of it is an account number; 0 for none. */
function lengthOf(likely: string): number {
  for (let end = likely.length; end > 0; end -= 1) {
    const compact = likely.slice(0, end).replaceAll(' ', '');
    if (compact.length < SHORTEST) return 0;
    if (isIban(compact)) return end;
  }
  return 0;
}

function isIban(compact: string): boolean {
  let rest = 0;
  for (const character of compact.slice(4) + compact.slice(0, 4)) {
    // Letters count from 10, as two digits.
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
