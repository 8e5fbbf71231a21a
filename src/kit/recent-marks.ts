/** Which pairs of texts were marked lately. May say yes for one that was not, about once in three hundred. */
export interface RecentMarks {
  has(first: string, second: string): boolean;
  mark(first: string, second: string): void;
}

const BITS_PER_MARK = 16;
/** Bits that stand for one pair. */
const PROBES = 4;

/**
 * Keeps at least the last `capacity` marks, and at most twice as many, in two generations. A Bloom filter:
 * two bytes a mark, whatever was marked, and nothing for the garbage collector to follow.
 */
export function createRecentMarks(capacity: number): RecentMarks {
  const size = 2 ** Math.ceil(Math.log2(capacity * BITS_PER_MARK));
  let young = new Uint8Array(size / 8);
  let old = new Uint8Array(size / 8);
  let count = 0;

  return {
    has(first, second) {
      const [start, step] = probesOf(first, second);
      return isSet(young, start, step) || isSet(old, start, step);
    },
    mark(first, second) {
      if (count === capacity) {
        [old, young] = [young, old.fill(0)];
        count = 0;
      }
      count += 1;
      const [start, step] = probesOf(first, second);
      for (let probe = 0; probe < PROBES; probe += 1) {
        const bit = (start + probe * step) & (size - 1);
        young[bit >>> 3] = (young[bit >>> 3] as number) | (1 << (bit & 7));
      }
    },
  };
}

function isSet(bits: Uint8Array, start: number, step: number): boolean {
  const mask = bits.length * 8 - 1;
  for (let probe = 0; probe < PROBES; probe += 1) {
    const bit = (start + probe * step) & mask;
    if (((bits[bit >>> 3] as number) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}

/** The bits of a pair: the first, and the distance to each next. */
function probesOf(first: string, second: string): [start: number, step: number] {
  const start = hashOf(second, hashOf(first, START));
  return [start, hashOf(second, start) | 1];
}

const START = 0x811c9dc5;
const PRIME = 0x01000193;

/** FNV-1a, 32 bits, continued from another text's. */
function hashOf(text: string, from: number): number {
  let hash = from;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  }
  return hash;
}
