/** The largest payload whose length two bytes hold. */
const MAX_SHORT = 0xffff;
/** The largest whose length is in the second byte itself. */
const MAX_SHORTEST = 125;
const TWO_BYTES_FOLLOW = 126;
/** The last frame of a message, which is a text. */
const FINAL_TEXT = 0x81;

/**
 * A text message as one frame, as a server sends it (RFC 6455, section 5.2): each character is one byte, to
 * be written as `latin1`. Null for a text that is not of ASCII alone, or too long for it.
 */
export function frameOf(text: string): string | null {
  const { length } = text;
  if (length > MAX_SHORT || Buffer.byteLength(text) !== length) return null;
  const head =
    length <= MAX_SHORTEST
      ? String.fromCharCode(FINAL_TEXT, length)
      : String.fromCharCode(FINAL_TEXT, TWO_BYTES_FOLLOW, length >> 8, length & 0xff);
  return head + text;
}
