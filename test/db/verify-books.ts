import { DAY_MS, HOUR_MS } from '../../src/kit/clock.ts';
import { toTypeId } from '../../src/kit/ids.ts';
import type { GrantCreditInput } from '../../src/ledger/grant-credit.ts';
import { given, type Laboratory, openAsset, openCustomer } from '../laws/laboratory.ts';
import { keepPayments } from './verify-payment-books.ts';

/**
 * Books with something of every kind in them, by the clock of the laboratory. Answers the stored ids
 * that a test needs to corrupt one of them.
 */
export async function keepBooks(laboratory: Laboratory) {
  const { services, clock, openOrganization } = laboratory;
  const viewer = await openOrganization('Acme');
  const usd = await openAsset(services, viewer, { code: 'XUSD', scale: 6, burnOrder: 'PRIORITY' });
  await openPrices();
  const [ada, bob, cleo, dora, eve, finn] = [
    await openCustomer(services, viewer, 'ada'),
    await openCustomer(services, viewer, 'bob'),
    await openCustomer(services, viewer, 'cleo'),
    await openCustomer(services, viewer, 'dora'),
    await openCustomer(services, viewer, 'eve'),
    await openCustomer(services, viewer, 'finn'),
  ];

  async function openPrices() {
    const { catalog } = services;
    given(
      await catalog.createBillableMetric(viewer, {
        code: 'calls',
        eventType: 'llm',
        aggregation: 'COUNT',
      }),
    );
    given(
      await catalog.createBillableMetric(viewer, {
        code: 'tokens',
        eventType: 'llm',
        aggregation: 'SUM',
        property: 'tokens',
      }),
    );
    given(await catalog.createPrice(viewer, { metric: 'calls', asset: 'XUSD', unitAmount: '0' }));
    const minutes = { code: 'minutes', eventType: 'talk', property: 'minutes' };
    given(await catalog.createBillableMetric(viewer, { ...minutes, aggregation: 'SUM' }));
    const tiers = [{ upTo: '10', unitAmount: '0.5' }, { unitAmount: '0.25' }];
    const tiered = { model: 'GRADUATED' as const, tiers };
    given(await catalog.createPrice(viewer, { metric: 'minutes', asset: 'XUSD', ...tiered }));
    given(
      await catalog.createPrice(viewer, {
        metric: 'tokens',
        asset: 'XUSD',
        unitAmount: '0.5',
        dimensions: { model: 'large' },
      }),
    );
  }

  async function grant(
    customerId: typeof ada,
    input: GrantCreditInput,
    scopeMetrics: readonly string[] = [],
  ) {
    const target = { customerId, asset: usd, scopeMetrics };
    return given(await services.ledger.grantCredit(viewer, target, input)).grantId;
  }

  async function use(externalId: string, eventId: string, tokens: number, occurredAt?: Date) {
    const outcome = await services.usage.record(viewer, {
      customer: { externalId },
      eventId,
      type: 'llm',
      properties: { model: 'large', tokens, note: 'n' },
      occurredAt: occurredAt?.toISOString(),
    });
    return given(outcome).event.id;
  }

  async function talk(externalId: string, eventId: string, minutes: number) {
    const event = { customer: { externalId }, eventId, type: 'talk', properties: { minutes } };
    return given(await services.usage.record(viewer, event)).event.id;
  }

  async function reach(externalId: string, n: number) {
    const event = {
      customer: { externalId },
      eventId: `peak ${n}`,
      type: 'peak',
      properties: { n },
    };
    return given(await services.usage.record(viewer, event)).event.id;
  }

  async function adjust(amount: string, transactionId: string) {
    const input = { amount, transactionId, reason: 'CORRECTION' as const };
    const target = { customerId: ada, asset: usd };
    return given(await services.ledger.adjustBalance(viewer, target, input)).adjustmentId;
  }

  async function forAda() {
    const policy = { onEmpty: 'OVERDRAFT' as const, overdraftLimit: '5' };
    const target = { customerId: ada, asset: usd };
    const { walletId } = given(await services.ledger.openWallet(viewer, target, policy));
    const scoped = await grant(ada, { amount: '3', purpose: 'PROMOTIONAL' }, ['tokens']);
    const paid = await grant(ada, { amount: '10' });
    const event = await use('ada', 'scoped, then paid', 8);
    clock.advance(HOUR_MS);
    await use('ada', 'paid, then debt', 22);
    const repaying = await grant(ada, { amount: '8' });
    clock.advance(HOUR_MS);
    const credit = await adjust('5', 'credit');
    const debit = await adjust('-1.5', 'debit');
    clock.advance(HOUR_MS);
    const voided = given(
      await services.ledger.voidGrant(viewer, {
        grant: toTypeId('grant', repaying),
        amount: '1',
      }),
    );
    const expiresAt = new Date(clock.now().getTime() + DAY_MS);
    const short = await grant(ada, {
      amount: '2',
      priority: 0,
      purpose: 'PROMOTIONAL',
      expiresAt: expiresAt.toISOString(),
    });
    clock.advance(DAY_MS + HOUR_MS);
    await services.ledger.applyTransitions();
    const late = await use('ada', 'late', 1, new Date(expiresAt.getTime() - HOUR_MS));
    clock.advance(DAY_MS);
    await services.ledger.applyTransitions();
    const { adjustmentId } = voided;
    return { walletId, scoped, paid, event, repaying, credit, debit, adjustmentId, short, late };
  }

  async function holdForFinn() {
    await grant(await openCustomer(services, viewer, 'finn'), { amount: '5' });
    const input = { customer: { externalId: 'finn' }, asset: 'XUSD', amount: '2' };
    const { holdId } = given(await services.usage.holds.place(viewer, input));
    const properties = { model: 'large', tokens: 1 };
    const events = [{ eventId: 'of the hold', type: 'llm', properties }];
    const hold = toTypeId('hold', holdId);
    given(await services.usage.holds.capture(viewer, { hold, events, final: false }));
  }

  async function forOthers() {
    const future = new Date(clock.now().getTime() + DAY_MS).toISOString();
    await grant(bob, { amount: '7', effectiveAt: future });
    const first = await grant(dora, { amount: '5', priority: 10 });
    const second = await grant(dora, { amount: '5', priority: 20 });
    await use('dora', 'from the first', 2);
    const spent = await grant(cleo, { amount: '1' });
    clock.advance(HOUR_MS);
    await use('cleo', 'all of it', 2);
    await holdForFinn();
    const wallet = await services.ledger.findGrant(viewer, spent);
    await grant(eve, { amount: '10' });
    await talk('eve', 'in the first tier', 8);
    const talked = await talk('eve', 'in both tiers', 6);
    const peaks = { code: 'peak', eventType: 'peak', aggregation: 'MAX', property: 'n' } as const;
    given(await services.catalog.createBillableMetric(viewer, peaks));
    const price = { metric: 'peak', asset: 'XUSD', unitAmount: '0.5' };
    given(await services.catalog.createPrice(viewer, price));
    const peak = await reach('eve', 4);
    await reach('eve', 3);
    await grant(finn, { amount: '4' });
    const back = await use('finn', 'taken back', 2);
    given(await services.usage.correct(viewer, { event: toTypeId('usageEvent', back) }));
    return { first, second, cleoWallet: wallet?.walletId ?? '', eve, talked, peak, back };
  }

  const of = { ...(await forAda()), ...(await forOthers()) };
  return { ...of, ...(await keepPayments(laboratory, viewer, 'XUSD')), viewer, usd };
}
