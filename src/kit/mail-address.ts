const PART = '[^\\s@<>()\\[\\],;:"\\\\\\p{Cc}]+';
const ADDRESS = new RegExp(`^${PART}@${PART}$`, 'u');

/**
 * Whether a text can only be read as one address: `ada@example.com`. Quoted and commented forms, which
 * nobody has and readers of addresses disagree on, are none. Whether mail arrives is found out by sending
 * some.
 */
export function isMailAddress(text: string): boolean {
  return ADDRESS.test(text);
}
