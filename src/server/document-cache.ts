/** Remembers by document text; what Yoga's parser cache asks for. */
export interface DocumentCache<T> {
  get(text: string): T | undefined;
  set(text: string, value: T): void;
}

/** A parsed document takes some sixty bytes of memory for each character of its text. */
const MAX_CHARS = 500_000;
const MAX_CHARS_EACH = 16_384;

/**
 * The least recently used goes first, and the bound is on text, not on entries: clients that write their
 * arguments into the document make every one of them different, and some of them long.
 */
export function createDocumentCache<T>(): DocumentCache<T> {
  const entries = new Map<string, T>();
  let chars = 0;

  return {
    get(text) {
      const value = entries.get(text);
      if (value === undefined) return undefined;
      entries.delete(text);
      entries.set(text, value);
      return value;
    },
    set(text, value) {
      if (text.length > MAX_CHARS_EACH) return;
      if (!entries.has(text)) chars += text.length;
      entries.set(text, value);
      for (const oldest of entries.keys()) {
        if (chars <= MAX_CHARS) break;
        entries.delete(oldest);
        chars -= oldest.length;
      }
    },
  };
}
