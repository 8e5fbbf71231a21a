/** How events become a quantity. */
export type Aggregation = 'COUNT' | 'SUM' | 'MAX' | 'UNIQUE' | 'LATEST' | 'TIME_WEIGHTED_SUM';

/** An aggregation for which what an event counts depends on the others of its period. */
export type Observation = Exclude<Aggregation, 'COUNT' | 'SUM'>;

export function isObserved(aggregation: Aggregation): aggregation is Observation {
  return aggregation !== 'COUNT' && aggregation !== 'SUM';
}

/** Whether its quantity may fall within a period. */
export function mayFall(aggregation: Aggregation): boolean {
  return aggregation === 'LATEST' || aggregation === 'TIME_WEIGHTED_SUM';
}
