/** Remembers by document text; what Yoga's parser cache asks for. */
export interface DocumentCache<T> {
  get(text: string): T | undefined;
  set(text: string, value: T): void;
}

/** Of one generation. A parsed document takes some sixty bytes of memory for each character of its text. */
const MAX_CHARS = 250_000;
const MAX_CHARS_EACH = 16_384;

/**
 * What was used last stays. The bound is on text, not on entries: clients that write their arguments into the
 * document make every one of them different, and some of them long. In two generations, so that a hit changes
 * nothing: to take a value out and in again at each would leave the collector a chain of outgrown tables.
 */
export function createDocumentCache<T>(): DocumentCache<T> {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  let chars = 0;

  function keep(text: string, value: T): void {
    if (!young.has(text)) chars += text.length;
    if (chars > MAX_CHARS) {
      old = young;
      young = new Map();
      chars = text.length;
    }
    young.set(text, value);
  }

  return {
    get(text) {
      const value = young.get(text);
      if (value !== undefined) return value;
      const older = old.get(text);
      if (older !== undefined) keep(text, older);
      return older;
    },
    set(text, value) {
      if (text.length <= MAX_CHARS_EACH) keep(text, value);
    },
  };
}
