import { type Follower, type FollowerOptions, follow } from './follower.ts';

type Where = Pick<FollowerOptions, 'urls' | 'random'>;

/** What one watcher of a wallet has seen, over all its sockets. */
export interface BalanceWitness extends Follower {
  readonly walletId: string;
  /** The last state, `version available`. */
  last(): string;
  readonly faults: string[];
}

const BALANCE = `subscription ($walletId: ID!, $sinceVersion: SafeInt) {
  balanceChanged(walletId: $walletId, sinceVersion: $sinceVersion) {
    version balance { available } wallet { id customer { name } }
  }
}`;

export function watchBalance(walletId: string, where: Where): BalanceWitness {
  const faults: string[] = [];
  let version = -1;
  let available = '';
  const follower = follow({
    ...where,
    query: BALANCE,
    variables: () => ({ walletId, ...(version >= 0 && { sinceVersion: version }) }),
    onData({ balanceChanged: state }) {
      if (state.version <= version) {
        faults.push(`${walletId} was told version ${state.version} after ${version}`);
      }
      version = state.version;
      available = state.balance.available;
    },
    onFault: (fault) => faults.push(`a watcher of ${walletId} was answered ${fault}`),
  });
  return { walletId, faults, last: () => `${version} ${available}`, stop: follower.stop };
}

/** What one reader of the event log has seen, over all its sockets. */
export interface LogWitness extends Follower {
  readonly ids: readonly string[];
  /** How many alerts it was told of. */
  alerts(): number;
  cursor(): string;
  readonly faults: string[];
}

const EVENTS = `subscription ($after: String) {
  events(after: $after) {
    id type cursor sequence customer { id }
    ... on BalanceChangedEvent { version wallet { id } }
    ... on UsageRecordedEvent { usageEvents { eventId charges { amount } } }
  }
}`;

export function readLog(from: string, where: Where): LogWitness {
  const faults: string[] = [];
  const ids: string[] = [];
  const sequences = new Map<string, number>();
  let cursor = from;
  let alerts = 0;
  const follower = follow({
    ...where,
    query: EVENTS,
    variables: () => ({ after: cursor }),
    onData({ events: event }) {
      const customer = event.customer?.id ?? '';
      const before = sequences.get(customer);
      if (customer && before !== undefined && event.sequence !== before + 1) {
        faults.push(`a reader was told event ${event.sequence} of ${customer} after ${before}`);
      }
      sequences.set(customer, event.sequence);
      ids.push(event.id);
      if (event.type === 'ALERT_RAISED') alerts += 1;
      cursor = event.cursor;
    },
    onFault: (fault) => faults.push(`a reader of the log was answered ${fault}`),
  });
  return { ids, faults, alerts: () => alerts, cursor: () => cursor, stop: follower.stop };
}
