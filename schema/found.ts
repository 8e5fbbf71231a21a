/** A row that was just written or referred to, so that its absence is a bug of ours. */
export function found<Row>(row: Row | null): Row {
  if (row === null) throw new Error('A row that must exist was not found.');
  return row;
}
