import { writeUuid } from '../kit/uuid.ts';

/**
 * Columns of values for `unnest`, in PostgreSQL's binary format of arrays, which neither side has to quote,
 * write or read digit by digit. A prepared statement must say the type of each: `$1::uuid[]`. Numbers are
 * as quick as text; see `arrayLiteral`.
 */
export const columns = {
  uuid: columnOf<string>({ oid: 2950, sizeOf: () => 16, write: writeUuid }),
  text: columnOf<string>({
    oid: 25,
    sizeOf: Buffer.byteLength,
    write: (to, text, at) => to.write(text, at),
  }),
  /** Of JSON text. */
  jsonb: columnOf<string>({
    oid: 3802,
    sizeOf: (text) => 1 + Buffer.byteLength(text),
    write: writeJsonb,
  }),
  /** Of hexadecimal text. */
  bytea: columnOf<string>({
    oid: 17,
    sizeOf: (text) => text.length / 2,
    write: (to, text, at) => to.write(text, at, 'hex'),
  }),
};

/** How the values of one type look in binary. */
interface ElementType<Value> {
  readonly oid: number;
  /** In bytes. */
  sizeOf(value: Value): number;
  write(to: Buffer, value: Value, at: number): void;
}

type Column<Value> = <Item>(items: readonly Item[], read: (item: Item) => Value | null) => Buffer;

/** Dimensions, whether nulls may come, the type, and of the one dimension its length and first index. */
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
/** What stands for the length of a null. */
const NULL_LENGTH = -1;

function columnOf<Value>({ oid, sizeOf, write }: ElementType<Value>): Column<Value> {
  return (items, read) => {
    const values = items.map(read);
    let bytes = HEADER_BYTES + LENGTH_BYTES * values.length;
    for (const value of values) if (value !== null) bytes += sizeOf(value);
    const buffer = take(bytes);
    for (const [index, field] of [1, 1, oid, values.length, 1].entries()) {
      buffer.writeInt32BE(field, index * LENGTH_BYTES);
    }
    let at = HEADER_BYTES;
    for (const value of values) {
      const size = value === null ? 0 : sizeOf(value);
      buffer.writeInt32BE(value === null ? NULL_LENGTH : size, at);
      at += LENGTH_BYTES;
      if (value !== null) write(buffer, value, at);
      at += size;
    }
    return buffer;
  };
}

/** A dozen columns are made at a time and live as long as one statement: they share their memory. */
const SLAB_BYTES = 64 * 1024;
let slab = Buffer.alloc(0);
let taken = 0;

function take(bytes: number): Buffer {
  if (taken + bytes > slab.length) {
    slab = Buffer.allocUnsafe(Math.max(bytes, SLAB_BYTES));
    taken = 0;
  }
  const from = taken;
  taken += bytes;
  return slab.subarray(from, taken);
}

/** The text of a document follows the version of its format, which is 1. */
function writeJsonb(to: Buffer, text: string, at: number): void {
  to[at] = 1;
  to.write(text, at + 1);
}
