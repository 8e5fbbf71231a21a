import { SETTLEMENT_WINDOW_MAX_SECONDS } from '../access/organizations.ts';
import { bySql, inTurn, type Law } from './law.ts';
import { recomputeCharges } from './recompute-charges.ts';
import { replayDraws } from './replay-draws.ts';
import { BALANCES_ADD_UP } from './sql/balances-add-up.ts';
import { CAUSES_APPLY_ONCE } from './sql/causes-apply-once.ts';
import { CAUSES_EXIST } from './sql/causes-exist.ts';
import { COUNTERS_ADD_UP } from './sql/counters-add-up.ts';
import { COUNTERS_SAY_READINGS } from './sql/counters-say-readings.ts';
import { DEBITS_EQUAL_CREDITS } from './sql/debits-equal-credits.ts';
import { DEBTS_WITHIN_POLICY } from './sql/debts-within-policy.ts';
import { EVENTS_HAVE_NO_GAP } from './sql/events-have-no-gap.ts';
import { FEATURES_ADD_UP } from './sql/features-add-up.ts';
import { GRANTS_IN_TIME } from './sql/grants-in-time.ts';
import { HOLDS_ARE_WHOLE } from './sql/holds-are-whole.ts';
import { HOLDS_WITHIN_FUNDS } from './sql/holds-within-funds.ts';
import {
  CHARGES_ARE_WHOLE,
  CORRECTIONS_ARE_WHOLE,
  GRANTS_ARE_WHOLE,
} from './sql/nothing-half-recorded.ts';
import { PAYMENTS_ARE_CREDITED } from './sql/payments-are-credited.ts';
import { RECHARGES_WITHIN_CAPS } from './sql/recharges-within-caps.ts';
import { RETURNS_ARE_BOOKED } from './sql/returns-are-booked.ts';
import { SEQUENCES_HAVE_NO_GAP } from './sql/sequences-have-no-gap.ts';

/** Every law that stored rows can prove, in the order of the design. */
export const LAWS: readonly Law[] = [
  {
    number: 1,
    name: 'Debits equal credits in every asset',
    counted: 'entries',
    findViolation: bySql(DEBITS_EQUAL_CREDITS),
  },
  {
    number: 2,
    name: 'Balances, debts and remainders are what the entries add up to',
    counted: 'wallets',
    findViolation: bySql(BALANCES_ADD_UP),
  },
  {
    number: 3,
    name: 'No debt goes beyond what the policy of its wallet allows',
    counted: 'wallets',
    findViolation: bySql(DEBTS_WITHIN_POLICY),
  },
  {
    number: 4,
    name: 'Each entry has one cause, and a cause is applied once',
    counted: 'entries',
    findViolation: inTurn(bySql(CAUSES_APPLY_ONCE), bySql(CAUSES_EXIST)),
  },
  {
    number: 5,
    name: 'What is recorded is recorded whole',
    counted: 'charges',
    findViolation: inTurn(
      bySql(CHARGES_ARE_WHOLE),
      bySql(GRANTS_ARE_WHOLE),
      bySql(CORRECTIONS_ARE_WHOLE),
    ),
  },
  {
    number: 6,
    name: 'Grants are drawn in their order, within their time, and not below zero',
    counted: 'grants',
    findViolation: inTurn(bySql(GRANTS_IN_TIME, [SETTLEMENT_WINDOW_MAX_SECONDS]), replayDraws),
  },
  {
    number: 7,
    name: 'A charge can be recomputed from its event and its rate',
    counted: 'charges',
    findViolation: recomputeCharges,
  },
  {
    number: 8,
    name: 'The sequences of wallets and of the event log have no gap, and balances no step',
    counted: 'entries',
    findViolation: inTurn(bySql(SEQUENCES_HAVE_NO_GAP), bySql(EVENTS_HAVE_NO_GAP)),
  },
  {
    number: 9,
    name: 'What was paid is what was credited, once, and what goes back is taken back, once',
    counted: 'payments',
    findViolation: inTurn(
      bySql(PAYMENTS_ARE_CREDITED),
      bySql(RETURNS_ARE_BOOKED),
      bySql(RECHARGES_WITHIN_CAPS),
    ),
  },
  {
    number: 11,
    name: 'Counters are what the events of their periods counted',
    counted: 'charges',
    findViolation: inTurn(
      bySql(COUNTERS_ADD_UP),
      bySql(FEATURES_ADD_UP),
      bySql(COUNTERS_SAY_READINGS),
    ),
  },
  {
    number: 12,
    name: 'Holds are whole, and set aside no more than there is',
    counted: 'holds',
    findViolation: inTurn(bySql(HOLDS_ARE_WHOLE), bySql(HOLDS_WITHIN_FUNDS)),
  },
];
