import { type Exact, exact, plain, ZERO } from '../kit/decimal.ts';
import type { Drawable } from '../ledger/burn-down.ts';
import type { Allocation } from '../ledger/holds/hold-state.ts';
import type { HoldExtensionRow, HoldRow } from './sql/read-entries.ts';

/** A hold while the history of its wallet is replayed. */
export interface ReplayedHold {
  allocations: Allocation[];
  overdraft: Exact;
}

/** What holds have set aside of a wallet's grants, as its entries go by. */
export interface ReplayedHolds {
  /** Hands over what extensions set aside behind the entries to come. */
  extend(rows: readonly HoldExtensionRow[]): void;
  /** Does what was done about holds behind all entries before this one. */
  advanceTo(sequence: number): void;
  /** The hold of this id, while it sets something aside. */
  find(holdId: string): ReplayedHold | undefined;
  /** The grant was booked out: nothing of it is set aside any more. */
  drop(grant: Drawable): void;
  /** Where what is stored as set aside now is not what came of it; null when it is. */
  findProblem(): string | null;
}

interface Step {
  readonly sequence: number;
  readonly isEnd: boolean;
  take(): void;
}

export function replayHolds(
  rows: readonly HoldRow[],
  grants: ReadonlyMap<string, Drawable>,
): ReplayedHolds {
  const open = new Map<string, ReplayedHold>();
  const steps = rows.flatMap((row) => stepsOf(row, open, grants));
  // What was set aside and let go between the same two entries was set aside first.
  steps.sort((a, b) => a.sequence - b.sequence || Number(a.isEnd) - Number(b.isEnd));
  let next = 0;
  let extensions: Step[] = [];
  let nextExtension = 0;

  /** Takes the step that is next; false when that is not behind an entry before `sequence`. */
  function takeNext(sequence: number): boolean {
    const step = steps[next];
    const extension = extensions[nextExtension];
    const first = extension && isBefore(extension, step) ? extension : step;
    if (!first || first.sequence >= sequence) return false;
    if (first === extension) nextExtension += 1;
    else next += 1;
    first.take();
    return true;
  }

  function advanceTo(sequence: number): void {
    while (takeNext(sequence));
  }

  return {
    extend(more) {
      const added = more.map((row) => stepOf(row.hold_id, row, open, grants));
      extensions = [...extensions.slice(nextExtension), ...added];
      nextExtension = 0;
    },
    advanceTo,
    find: (holdId) => open.get(holdId),
    drop(grant) {
      for (const hold of open.values()) {
        hold.allocations = hold.allocations.filter((allocation) => allocation.grant !== grant);
      }
      grant.held = ZERO;
    },
    findProblem() {
      advanceTo(Number.POSITIVE_INFINITY);
      const differing = rows.find((row) => textOf(row) !== textOfReplayed(open.get(row.id)));
      if (!differing) return null;
      const { id } = differing;
      return `{hold:${id}} sets ${textOf(differing)} aside where ${textOfReplayed(open.get(id))} is what its captures have left`;
    },
  };
}

/** An extension comes behind what was placed at the same entry, and before what was let go there. */
function isBefore(extension: Step, step: Step | undefined): boolean {
  if (!step || extension.sequence < step.sequence) return true;
  return extension.sequence === step.sequence && step.isEnd;
}

/** What the row of a hold says: what it was placed with, and that it let go. */
function stepsOf(
  { id, reservations, closed_sequence: closedSequence }: HoldRow,
  open: Map<string, ReplayedHold>,
  grants: ReadonlyMap<string, Drawable>,
): Step[] {
  const steps = reservations.map(([sequence, grantId, amount]) =>
    stepOf(id, { sequence, grant_id: grantId, amount }, open, grants),
  );
  if (closedSequence === null) return steps;
  const end = { sequence: closedSequence, isEnd: true, take: () => letGo(open, id) };
  return [...steps, end];
}

/** That a hold set something aside, of a grant or of the overdraft. */
function stepOf(
  id: string,
  {
    sequence,
    grant_id: grantId,
    amount,
  }: Pick<HoldExtensionRow, 'sequence' | 'grant_id' | 'amount'>,
  open: Map<string, ReplayedHold>,
  grants: ReadonlyMap<string, Drawable>,
): Step {
  const grant = grantId === null ? null : grants.get(grantId);
  return { sequence, isEnd: false, take: () => setAside(open, id, grant, exact(amount)) };
}

function setAside(
  open: Map<string, ReplayedHold>,
  id: string,
  grant: Drawable | null | undefined,
  amount: Exact,
): void {
  const hold = open.get(id) ?? { allocations: [], overdraft: ZERO };
  open.set(id, hold);
  if (!grant) {
    hold.overdraft += amount;
    return;
  }
  grant.held += amount;
  const known = hold.allocations.find((allocation) => allocation.grant === grant);
  if (known) known.amount += amount;
  else hold.allocations.push({ grant, amount });
}

function letGo(open: Map<string, ReplayedHold>, id: string): void {
  for (const { grant, amount } of open.get(id)?.allocations ?? []) grant.held -= amount;
  open.delete(id);
}

function textOf({ allocations }: HoldRow): string {
  const parts = allocations.map(([id, amount]) => `${plain(exact(amount))} of {grant:${id}}`);
  return parts.join(', ') || 'nothing';
}

function textOfReplayed(hold: ReplayedHold | undefined): string {
  const parts = (hold?.allocations ?? []).map(
    ({ grant, amount }) => `${plain(amount)} of {grant:${grant.id}}`,
  );
  return parts.join(', ') || 'nothing';
}
