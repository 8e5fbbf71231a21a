import { BEFORE_ALL } from './ids.ts';

/** Page after page of what is found in the order of its ids, each behind the last of the one before, until one is empty. */
export async function* pagesOf<Row extends { readonly id: string }>(
  find: (behind: string) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[], void> {
  let behind = BEFORE_ALL;
  for (;;) {
    const rows = await find(behind);
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    behind = last.id;
  }
}
