/**
 * What a DataLoader batch must answer: the rows in the order of their ids. One that is missing is a bug,
 * because something that was read refers to it.
 */
export function inOrder<Row extends { id: string }>(
  ids: readonly string[],
  rows: readonly Row[],
): (Row | Error)[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? new Error(`A row that must exist was not found: ${id}.`));
}
