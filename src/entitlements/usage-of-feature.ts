import type { Right } from './right.ts';
import type { Span } from './span.ts';

/** A part of what is used of a feature that is counted by itself. Counters are kept under the id of the feature. */
export interface CountedPart {
  readonly span: Span;
  /** Null: of the whole customer. */
  readonly subject: string | null;
  /** The code of the asset whose charges are added up; null where quantities are. */
  readonly spentIn: string | null;
}

/** How the part is called in the counters of its feature. A span has neither of the signs in it. */
export function sliceOf({ span, subject, spentIn }: CountedPart): string {
  if (spentIn !== null) return `${span} in ${spentIn}`;
  return subject === null ? span : `${span}/${subject}`;
}

/** What has to be counted so that everything that ends a right can be told: each part once. */
export function partsOf(right: Right, subject: string | null): CountedPart[] {
  const { reset, perSubject, spendCap } = right;
  const parts: CountedPart[] = [{ span: reset, subject: null, spentIn: null }];
  for (const { per } of right.windows) {
    if (per !== reset) parts.push({ span: per, subject: null, spentIn: null });
  }
  if (perSubject !== null && subject !== null) parts.push({ span: reset, subject, spentIn: null });
  if (spendCap) parts.push({ span: spendCap.per, subject: null, spentIn: spendCap.asset });
  return parts;
}
