import type { Queryable, Statement } from '../infra/db.ts';
import { type Noun, toTypeId } from '../kit/ids.ts';

/** What is counted to say how much a law was checked on. */
export type Counted =
  | 'entries'
  | 'wallets'
  | 'grants'
  | 'events'
  | 'charges'
  | 'holds'
  | 'payments';

/** A rule that every committed state of the database obeys. Numbers are those of the design. */
export interface Law {
  readonly number: number;
  readonly name: string;
  readonly counted: Counted;
  /** The first violation found, as one sentence that names the row; null when there is none. */
  findViolation(tx: Queryable): Promise<string | null>;
}

/**
 * What the statement of a law returns for each row, or group of rows, that breaks it. Other ids stand in
 * the problem as `{noun:id}`.
 */
export interface ViolationRow {
  readonly noun: Noun;
  readonly id: string;
  readonly problem: string;
}

/** The check of a law that one statement decides: it returns some of what breaks the law. */
export function bySql(statement: Statement, values: readonly unknown[] = []): Law['findViolation'] {
  return async (tx) => {
    const [first] = await tx.query<ViolationRow>(statement, values);
    return first ? violationOf(first) : null;
  };
}

/** Several checks of one law, in order; the first that finds something ends it. */
export function inTurn(...checks: readonly Law['findViolation'][]): Law['findViolation'] {
  return async (tx) => {
    for (const check of checks) {
      const violation = await check(tx);
      if (violation) return violation;
    }
    return null;
  };
}

/** The sentence for people, with ids as the world sees them. */
export function violationOf({ noun, id, problem }: ViolationRow): string {
  const readable = problem.replaceAll(/\{(\w+):([0-9a-f-]{36})\}/g, (_, of: Noun, other: string) =>
    toTypeId(of, other),
  );
  return `${toTypeId(noun, id)}: ${readable}`;
}
