import type { Db } from '../infra/db.ts';
import { forgetOldKeys } from '../infra/idempotency.ts';
import { type Clock, HOUR_MS, SECOND_MS } from '../kit/clock.ts';
import type { Ledger } from '../ledger/service.ts';
import type { Task } from './worker.ts';

/** Everything that happens without a request. */
export function createTasks({
  db,
  clock,
  ledger,
}: {
  db: Db;
  clock: Clock;
  ledger: Pick<Ledger, 'applyTransitions'>;
}): Task[] {
  return [
    {
      name: 'grants come into force and expire',
      everyMs: SECOND_MS,
      run: async () => (await ledger.applyTransitions()) > 0,
    },
    {
      name: 'idempotency keys are forgotten',
      everyMs: HOUR_MS,
      run: async () => {
        await forgetOldKeys(db.direct, clock);
        return false;
      },
    },
  ];
}
