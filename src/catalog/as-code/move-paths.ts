import type { CommonRefusal } from '../../kit/refusal.ts';

/** A refusal as whoever asked for a part of something larger is told it: about other places. */
export function movePaths<R extends CommonRefusal>(refusal: R, to: (path: string) => string): R {
  if (refusal.refusal === 'Invalid') {
    const issues = refusal.issues.map((issue) => ({ ...issue, path: to(issue.path) }));
    return { ...refusal, issues };
  }
  return 'path' in refusal ? { ...refusal, path: to(refusal.path) } : refusal;
}
