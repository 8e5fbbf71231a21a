/** The part of a grant that decides whether and when it is drawn. */
interface NaiveGrant {
  readonly id: string;
  readonly purpose: string;
  readonly priority: number;
  readonly effectiveAt: Date | null;
  readonly expiresAt: Date | null;
  readonly scopeMetrics: readonly string[];
  readonly createdAt: Date;
}

interface NaiveMoment {
  readonly occurredAt: Date;
  readonly now: Date;
  readonly settlementWindowMs: number;
}

/**
 * The grants that may pay, in the documented order, found the naive way: filter, write down the tuple
 * that the documentation lists, sort by it. Shares nothing with the product. Null is no metric.
 */
export function drawableInOrder<Grant extends NaiveGrant>(
  list: readonly Grant[],
  order: string,
  metric: string | null,
  { occurredAt, now, settlementWindowMs }: NaiveMoment,
): Grant[] {
  const occurred = Math.min(occurredAt.getTime(), now.getTime());
  const drawable = list
    .filter(({ scopeMetrics: scope }) => scope.length === 0 || scope.includes(metric ?? ''))
    .filter(({ effectiveAt }) => effectiveAt === null || effectiveAt.getTime() <= occurred)
    .filter(({ expiresAt }) => expiresAt === null || occurred < expiresAt.getTime())
    .filter(({ expiresAt }) => {
      return expiresAt === null || now.getTime() < expiresAt.getTime() + settlementWindowMs;
    });
  return inOrder(drawable, order, metric);
}

/** Grants in the order in which usage of the metric draws them. */
export function inOrder<Grant extends NaiveGrant>(
  list: readonly Grant[],
  order: string,
  metric: string | null,
): Grant[] {
  return [...list].sort((a, b) =>
    compareTuples(tupleOf(a, order, metric), tupleOf(b, order, metric)),
  );
}

type Tuple = readonly (number | string)[];

function tupleOf(grant: NaiveGrant, order: string, metric: string | null): Tuple {
  const matches = metric !== null && grant.scopeMetrics.includes(metric);
  const start = (grant.effectiveAt ?? grant.createdAt).getTime();
  const expiry = grant.expiresAt ? grant.expiresAt.getTime() : Number.MAX_SAFE_INTEGER;
  const firsts: Record<string, number> = {
    PRIORITY: grant.priority,
    FIFO: start,
    LIFO: -start,
    EXPIRY_FIRST: expiry,
  };
  const purpose = ['PROMOTIONAL', 'BUNDLED', 'ROLLOVER', 'PAID'].indexOf(grant.purpose);
  const created = grant.createdAt.getTime();
  return [matches ? 0 : 1, firsts[order] ?? 0, expiry, purpose, start, created, grant.id];
}

function compareTuples(a: Tuple, b: Tuple): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] as number | string;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}
