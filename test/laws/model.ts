import { expect } from 'vitest';
import { SECOND_MS } from '../../src/kit/clock.ts';
import { toTypeId } from '../../src/kit/ids.ts';
import { isRefusal } from '../../src/kit/refusal.ts';
import { verifyLaws } from '../../src/laws/verify.ts';
import type { Services } from '../../src/services.ts';
import { createHoldModel } from './hold-model.ts';
import type { Laboratory } from './laboratory.ts';
import type { DrawnEvent, Operation, ResentEvent } from './operations.ts';
import { createReference } from './reference.ts';
import { nameOf, type SentEvent, type WalletName } from './reference-words.ts';
import { openShop } from './shop.ts';
import { readEntries, readWallets } from './stored.ts';
import { text, units } from './units.ts';
import { createWording, outcomesOf, toInput, withOneField } from './wording.ts';

const WINDOW_MS = 21_600 * SECOND_MS;

/**
 * One run of the model: the product in an organization of its own, and the reference beside it. The
 * processes take turns, so that each must notice what the other has done.
 */
export async function openModel(
  laboratory: Laboratory,
  processes: readonly Services[],
  organization: string,
) {
  const { db, clock } = laboratory;
  const viewer = await laboratory.openOrganization(organization);
  const { assets, customers } = await openShop(laboratory.services, viewer);
  const reference = createReference(WINDOW_MS);
  const sent: SentEvent[] = [];
  /** How the reference calls what the product has made. */
  const labels = new Map<string, string>();
  const typeIdOf = new Map<string, string>();
  let keys = 0;
  let done = 0;
  const metricCodes = new Map(
    (
      await db.prisma.billableMetric.findMany({ where: { organizationId: viewer.organizationId } })
    ).map(({ id, code }) => [id, code]),
  );
  const { toOutcome, refused } = createWording({ labels, customers, metricCodes });

  const onHold = createHoldModel({
    ...{ viewer, reference, labels, toOutcome, refused },
    now: () => clock.now(),
    turn: () => turn(),
    toSent: (event, { id, customer }) => toSent(event, id, customer),
  });

  const turn = () => processes[done % processes.length] ?? laboratory.services;

  const after = (ms: number | null) => (ms === null ? null : new Date(clock.now().getTime() + ms));

  function targetOf({ customer, asset }: Pick<WalletName, 'customer' | 'asset'>) {
    const customerId = customers.get(customer);
    const ledgerAsset = assets.get(asset);
    if (!customerId || !ledgerAsset) throw new Error(`The shop has no ${customer} or ${asset}.`);
    return { customerId, asset: ledgerAsset };
  }

  async function learnWallet(walletId: string, name: WalletName): Promise<void> {
    labels.set(walletId, nameOf(name));
  }

  async function run(operation: Operation): Promise<[actual: unknown, expected: unknown]> {
    switch (operation.do) {
      case 'open':
        return openWallet(operation);
      case 'policy':
        return changePolicy(operation);
      case 'grant':
        return grant(operation);
      case 'adjust':
        return adjust(operation);
      case 'void':
        return voidOne(operation);
      case 'usage':
        return use(
          operation.events.map((event) => toSent(event)).filter((event) => event !== null),
        );
      case 'wait':
        return [clock.advance(operation.ms), undefined];
      case 'sweep':
        await turn().ledger.expireHolds();
        await turn().ledger.applyTransitions();
        return [undefined, reference.passTime(clock.now())];
      case 'window':
        await db.prisma.organization.update({
          where: { id: viewer.organizationId },
          data: { settlementWindowSeconds: operation.seconds },
        });
        return [undefined, reference.setWindow(operation.seconds * SECOND_MS)];
      default:
        return onHold(operation);
    }
  }

  async function openWallet(wanted: Operation & { do: 'open' }) {
    const { policy, limit, name } = wanted;
    const isLimited = policy === 'OVERDRAFT' || policy === 'THROTTLE';
    const input = { name, onEmpty: policy, overdraftLimit: isLimited ? limit : null };
    const outcome = await turn().ledger.openWallet(viewer, targetOf(wanted), input);
    if (!isRefusal(outcome)) await learnWallet(outcome.walletId, wanted);
    const actual = isRefusal(outcome) ? refused(outcome) : { is: 'DONE', created: outcome.created };
    return [actual, reference.openWallet(walletName(wanted), policy, units(limit))] as [
      unknown,
      unknown,
    ];
  }

  async function changePolicy({ wallet, policy, limit }: Operation & { do: 'policy' }) {
    const { wallets } = reference.state();
    const chosen = wallets[wallet % wallets.length];
    if (!chosen) return [null, null] as [unknown, unknown];
    const isLimited = policy === 'OVERDRAFT' || policy === 'THROTTLE';
    const outcome = await turn().ledger.updateWallet(viewer, {
      wallet: typeIdOfWallet(nameOf(chosen)),
      onEmpty: policy,
      overdraftLimit: isLimited ? limit : null,
    });
    const actual = isRefusal(outcome) ? refused(outcome) : { is: 'DONE' };
    return [actual, reference.updateWallet(walletName(chosen), policy, units(limit))] as [
      unknown,
      unknown,
    ];
  }

  function typeIdOfWallet(name: string): string {
    for (const [id, label] of labels) if (label === name) return toTypeId('wallet', id);
    throw new Error(`The product has not told of wallet ${name}.`);
  }

  async function grant(wanted: Operation & { do: 'grant' }) {
    const { effectiveIn, expiresIn, scopeMetrics, twice, purpose, priority, amount } = wanted;
    const terms = {
      purpose,
      priority,
      effectiveAt: after(effectiveIn),
      expiresAt: after(expiresIn),
    };
    const expected = reference.grant(
      walletName(wanted),
      { ...terms, amount: units(amount), scopeMetrics },
      clock.now(),
    );
    const input = {
      ...terms,
      amount,
      walletName: wanted.name,
      effectiveAt: terms.effectiveAt?.toISOString(),
      expiresAt: terms.expiresAt?.toISOString(),
      idempotencyKey: twice ? `key ${keys++}` : null,
    };
    const target = { ...targetOf(wanted), scopeMetrics };
    const outcome = await turn().ledger.grantCredit(viewer, target, input);
    const again = twice ? await turn().ledger.grantCredit(viewer, target, input) : outcome;
    expect(again).toEqual(outcome);
    if (isRefusal(outcome)) return [refused(outcome), expected] as [unknown, unknown];
    await learnWallet(outcome.walletId, wanted);
    learnGrant(outcome.grantId, String(expected.grant));
    return [{ is: 'DONE', grant: labels.get(outcome.grantId) }, expected] as [unknown, unknown];
  }

  function learnGrant(id: string, label: string): void {
    labels.set(id, label);
    typeIdOf.set(label, toTypeId('grant', id));
  }

  async function adjust(wanted: Operation & { do: 'adjust' }) {
    const { reason, transactionId, expiresIn, amount } = wanted;
    const expiresAt = after(expiresIn);
    const terms = { amount: units(amount), reason, transactionId, expiresAt };
    const grantsBefore = reference.state().grantCount;
    const expected = reference.adjust(walletName(wanted), terms, clock.now());
    const outcome = await turn().ledger.adjustBalance(viewer, targetOf(wanted), {
      amount,
      reason,
      transactionId,
      walletName: wanted.name,
      expiresAt: expiresAt?.toISOString(),
    });
    if (isRefusal(outcome)) return [refused(outcome), expected] as [unknown, unknown];
    await learnWallet(outcome.walletId, wanted);
    if (reference.state().grantCount > grantsBefore) {
      const row = await turn().ledger.findAdjustment(viewer, outcome.adjustmentId);
      const id = `grant-${String(reference.state().grantCount).padStart(4, '0')}`;
      learnGrant(row?.grantId ?? '', id);
    }
    return [{ is: 'DONE', created: outcome.created }, expected] as [unknown, unknown];
  }

  async function voidOne({ grant: chosen, part }: Operation & { do: 'void' }) {
    const grants = [...typeIdOf.keys()];
    const label = grants[chosen % grants.length];
    if (!label) return [null, null] as [unknown, unknown];
    const outcome = await turn().ledger.voidGrant(viewer, {
      grant: typeIdOf.get(label) ?? '',
      amount: part,
    });
    const actual = isRefusal(outcome) ? refused(outcome) : { is: 'DONE', amount: outcome.amount };
    return [
      actual,
      reference.voidGrant(label, part === null ? null : units(part), clock.now()),
    ] as [unknown, unknown];
  }

  /** An event with its instant, or one sent before, perhaps with something changed. */
  function toSent(
    event: DrawnEvent | ResentEvent,
    hold: string | null = null,
    owner: string | null = null,
  ): SentEvent | null {
    if (!('resend' in event)) {
      const { at, ...fields } = event;
      sent.push({ ...fields, customer: owner ?? fields.customer, occurredAt: after(at), hold });
      return sent.at(-1) ?? null;
    }
    const again = sent[event.resend % sent.length];
    if (!again) return null;
    const first = { ...again, customer: owner ?? again.customer, hold };
    if (event.change === 'NOTHING') return first;
    const changes = {
      type: { type: first.type === 'gpu' ? 'seat' : 'gpu' },
      subject: { subject: first.subject === null ? 'job 2' : null },
      properties: { properties: { ...first.properties, more: 1 } },
      occurredAt: { occurredAt: first.occurredAt === null ? clock.now() : null },
    };
    return { ...first, ...changes[event.change] };
  }

  async function use(events: readonly SentEvent[]) {
    if (events.length === 0) return [null, null] as [unknown, unknown];
    const expected = reference.usage(events, clock.now());
    const inputs = events.map(toInput);
    const [only] = inputs;
    const outcomes =
      inputs.length === 1 && only
        ? [await turn().usage.record(viewer, only)]
        : outcomesOf(await turn().usage.recordBatch(viewer, inputs));
    return [outcomes.map(toOutcome), expected] as [unknown, unknown];
  }

  /** Does one operation in both worlds and compares everything that can be seen. */
  async function step(operation: Operation): Promise<void> {
    try {
      await stepAndCompare(operation);
    } catch (cause) {
      // A long list may be left when the time for shrinking is over: say where in it the trouble is.
      const place = `operation ${done + 1}, ${JSON.stringify(operation)}`;
      throw new Error(`The product and the reference disagree after ${place}.`, { cause });
    }
    done += 1;
  }

  async function stepAndCompare(operation: Operation): Promise<void> {
    const [actual, expected] = await run(operation);
    expect(actual).toEqual(withOneField(expected));
    expect(await readWallets(laboratory, viewer, labels)).toEqual(
      reference.dump(clock.now()).sort(byWallet),
    );
    await expectLaws(laboratory);
  }

  /** The entries, one by one, with accounts, grants and causes. */
  async function finish(): Promise<void> {
    const expected = reference
      .state()
      .wallets.flatMap((wallet) =>
        wallet.entries.map(([debit, credit, amount, id, cause]) =>
          [nameOf(wallet), debit, credit, text(amount), id ?? 'debt', cause].join(' | '),
        ),
      );
    expect((await readEntries(laboratory, viewer, labels)).sort()).toEqual(expected.sort());
  }

  return { step, finish };
}

export async function expectLaws({ db }: Pick<Laboratory, 'db'>): Promise<void> {
  const { laws } = await verifyLaws(db);
  expect(laws.filter((law) => !law.ok)).toEqual([]);
}

const walletName = ({ customer, asset, name }: WalletName): WalletName => ({
  customer,
  asset,
  name,
});

const byWallet = (a: { wallet: string }, b: { wallet: string }) => (a.wallet < b.wallet ? -1 : 1);
