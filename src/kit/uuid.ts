/** Where the pairs of digits of a UUID's text begin. */
const PAIRS = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34);
const TEXT_LENGTH = 36;

const DIGITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** The value of a digit by its character code, in either case. */
const VALUES = new Uint8Array(128);
for (const [value, code] of DIGITS.entries()) {
  VALUES[code] = value;
  VALUES[String.fromCharCode(code).toUpperCase().charCodeAt(0)] = value;
}

/** Writes the sixteen bytes of a UUID's text. */
export function writeUuid(to: Uint8Array, text: string, at: number): void {
  for (let index = 0; index < PAIRS.length; index += 1) {
    const pair = PAIRS[index] as number;
    const high = VALUES[text.charCodeAt(pair)] as number;
    to[at + index] = (high << 4) | (VALUES[text.charCodeAt(pair + 1)] as number);
  }
}

const scratch = Buffer.alloc(TEXT_LENGTH, '-');

/** The text of sixteen bytes; made in one piece, because it will be read often. */
export function uuidText(bytes: Uint8Array): string {
  for (let index = 0; index < PAIRS.length; index += 1) {
    const pair = PAIRS[index] as number;
    const byte = bytes[index] as number;
    scratch[pair] = DIGITS[byte >> 4] as number;
    scratch[pair + 1] = DIGITS[byte & 15] as number;
  }
  return scratch.toString('latin1');
}
