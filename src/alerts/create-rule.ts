import type { Viewer } from '../access/viewer.ts';
import { createChecker } from '../kit/check.ts';
import { MAX_SCALE } from '../kit/decimal.ts';
import { fromTypeId, type Id } from '../kit/ids.ts';
import { type CommonRefusal, invalid, type NotFound, notFound } from '../kit/refusal.ts';
import type { LedgerAsset } from '../ledger/change-wallet.ts';
import { changeRules, type RuleChanged } from './change-rules.ts';
import { type ConditionInput, needsAsset, readCondition } from './read-condition.ts';
import { readEmails } from './read-emails.ts';
import { NAME_MAX, storedTerms } from './rule.ts';
import { countRules, findWalletForRule, insertRule } from './store.ts';
import type { AlertDeps } from './sweep.ts';

export interface CreateAlertRuleInput {
  readonly name?: string | null | undefined;
  readonly wallet?: string | null | undefined;
  readonly condition: ConditionInput;
  /** Addresses, and `customer` for the customer's own. */
  readonly emails?: readonly string[] | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** Whom a rule is for, as far as the caller has looked it up; null for what the input does not name. */
export interface RuleTarget {
  readonly customerId: Id<'customer'> | null;
  readonly asset: LedgerAsset | null;
}

/** Rules of one scope: of all customers, of a customer, of a wallet. */
const MAX_RULES = 20;

export async function createRule(
  deps: AlertDeps,
  viewer: Viewer,
  target: RuleTarget,
  input: CreateAlertRuleInput,
): Promise<RuleChanged | CommonRefusal> {
  const wallet = input.wallet == null ? null : await findWallet(deps, viewer, input.wallet);
  if (wallet && 'refusal' in wallet) return wallet;
  const check = createChecker();
  const name = check.optionalText('name', input.name, NAME_MAX);
  if (wallet && (target.customerId !== null || target.asset !== null)) {
    const path = target.customerId === null ? 'asset' : 'customer';
    check.note(path, 'NOT_ALLOWED', 'The wallet says it: leave this out.');
  }
  const asset = wallet?.asset ?? target.asset;
  if (!asset && needsAsset(input.condition)) {
    check.note('asset', 'REQUIRED', 'An amount needs to say in what: name an asset or a wallet.');
  }
  const condition = readCondition(check, input.condition, asset?.scale ?? MAX_SCALE);
  const emails = readEmails(check, input.emails);
  const fault = check.fault();
  if (fault) return fault;

  const scope = {
    customerId: wallet?.customerId ?? target.customerId,
    walletId: wallet?.id ?? null,
  };
  const { kind } = condition;
  const content = { ...input, customerId: target.customerId, asset: target.asset?.id };
  const call = { operation: 'createAlertRule', input: content };
  return changeRules(deps, { viewer, call, scope, kind }, async (tx, now) => {
    if ((await countRules(tx, viewer, scope)) >= MAX_RULES) return tooMany(scope.customerId);
    const assetId = target.asset?.id ?? null;
    const draft = { ...scope, assetId, name, kind, terms: storedTerms(condition), emails };
    const { id } = await insertRule(tx, viewer, draft, now);
    return { ruleId: id as Id<'alertRule'> };
  });
}

function tooMany(customerId: string | null) {
  const message = `At most ${MAX_RULES} rules for the same wallet, the same customer or all of them.`;
  return invalid({
    path: customerId === null ? 'condition' : 'customer',
    code: 'TOO_MANY',
    message,
  });
}

async function findWallet({ db }: AlertDeps, viewer: Viewer, typeId: string) {
  const id = fromTypeId('wallet', typeId);
  const wallet = id && (await findWalletForRule(db, viewer, id));
  return wallet || (notFound('wallet', 'Wallet', typeId) satisfies NotFound);
}
