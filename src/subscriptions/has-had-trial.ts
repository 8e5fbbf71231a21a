import type { Tx } from '../infra/db.ts';
import { FIND_TRIAL } from './sql/find-trial.ts';

/** Whether a customer has had a trial of a plan, by another subscription than `except`. */
export async function hasHadTrial(
  tx: Tx,
  customerId: string,
  planId: string,
  except: string | null = null,
): Promise<boolean> {
  return (await tx.query(FIND_TRIAL, [customerId, planId, except])).length > 0;
}
