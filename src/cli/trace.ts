import { hash } from 'node:crypto';
import { CommandError } from './command-error.ts';
import { LLM_EVENT_TYPE } from './token-kinds.ts';

/** One request of a trace. */
export interface TraceRow {
  /** Counts the file's rows from 1, without its heading. */
  readonly row: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A usage event as the API takes it. */
export interface TraceEvent {
  readonly customer: { readonly externalId: string };
  readonly eventId: string;
  readonly type: string;
  readonly properties: {
    readonly model: string;
    readonly input_tokens: number;
    readonly output_tokens: number;
  };
}

const INPUT_COLUMN = 'ContextTokens';
const OUTPUT_COLUMN = 'GeneratedTokens';

/**
 * Reads the CSV of the Azure LLM inference traces: TIMESTAMP,ContextTokens,GeneratedTokens, with either
 * kind of line end. A row that does not fit stops the reading: a trace is replayed whole or not at all.
 */
export function readTrace(text: string): TraceRow[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const columns = (lines[0] ?? '').split(',').map((name) => name.trim());
  const input = columns.indexOf(INPUT_COLUMN);
  const output = columns.indexOf(OUTPUT_COLUMN);
  if (input < 0 || output < 0) {
    throw new CommandError(`The heading must name ${INPUT_COLUMN} and ${OUTPUT_COLUMN}.`);
  }
  const rows: TraceRow[] = [];
  for (const [at, line] of lines.entries()) {
    if (at === 0 || line === '') continue;
    const cells = line.split(',');
    rows.push({
      row: rows.length + 1,
      inputTokens: readCount(cells[input], at + 1),
      outputTokens: readCount(cells[output], at + 1),
    });
  }
  return rows;
}

/** What makes event ids of one file differ from those of another: SHA-256 of its bytes, hexadecimal. */
export function fileHash(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/** The event of a row. Its id says which file and row it is, so it is charged once however often sent. */
export function toEvent(
  { row, inputTokens, outputTokens }: TraceRow,
  of: { readonly hash: string; readonly model: string; readonly customer: string },
): TraceEvent {
  return {
    customer: { externalId: of.customer },
    eventId: `trace-${of.hash.slice(0, 32)}-${row}`,
    type: LLM_EVENT_TYPE,
    properties: { model: of.model, input_tokens: inputTokens, output_tokens: outputTokens },
  };
}

function readCount(cell: string | undefined, line: number): number {
  const text = cell?.trim() ?? '';
  if (!/^\d{1,15}$/.test(text)) {
    throw new CommandError(`Line ${line}: "${text}" is not a number of tokens.`);
  }
  return Number(text);
}
