import type { LogScope } from './event-log.ts';

/** A cursor of an organization's log, and one of a customer's part of it, are not of the same order. */
const CURSOR = /^(log|part)\.([0-9]{1,15})$/;

/** What a reader keeps to go on after an event. Opaque to him: Base64 of the order and the place. */
export function toCursor(scope: LogScope, place: number): string {
  return Buffer.from(`${orderOf(scope)}.${place}`).toString('base64url');
}

/** The place that a cursor of this scope stands for; null when it is none. */
export function fromCursor(scope: LogScope, cursor: string): number | null {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const [, order, place] = CURSOR.exec(text) ?? [];
  if (order !== orderOf(scope) || toCursor(scope, Number(place)) !== cursor) return null;
  return Number(place);
}

function orderOf({ customerId }: LogScope): string {
  return customerId === null ? 'log' : 'part';
}
