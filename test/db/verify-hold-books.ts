import { toTypeId } from '../../src/kit/ids.ts';
import { given, type Laboratory, openAsset, openCustomer } from '../laws/laboratory.ts';

/** Books with a hold of every kind in them. Answers the stored ids that a test needs to corrupt one of them. */
export async function keepHolds({ services, clock, openOrganization }: Laboratory) {
  const viewer = await openOrganization('Acme');
  const asset = await openAsset(services, viewer, {
    code: 'CREDIT',
    scale: 2,
    burnOrder: 'PRIORITY',
  });
  const { catalog, ledger, usage } = services;
  const metric = { code: 'units', eventType: 'use', aggregation: 'SUM', property: 'n' } as const;
  given(await catalog.createBillableMetric(viewer, metric));
  given(await catalog.createPrice(viewer, { metric: 'units', asset: 'CREDIT', unitAmount: '1' }));
  const customerId = await openCustomer(services, viewer, 'ada');
  const customer = { externalId: 'ada' };
  const policy = { onEmpty: 'OVERDRAFT' as const, overdraftLimit: '5' };
  const { walletId } = given(await ledger.openWallet(viewer, { customerId, asset }, policy));

  const event = (eventId: string, n: number) => ({ eventId, type: 'use', properties: { n } });
  const grant = async (amount: string, priority: number) => {
    const of = { customerId, asset, scopeMetrics: [] };
    return given(await ledger.grantCredit(viewer, of, { amount, priority })).grantId;
  };
  const place = async (amount: string, ttlSeconds = 900) => {
    const input = { customer, asset: 'CREDIT', amount, ttlSeconds };
    return given(await usage.holds.place(viewer, input)).holdId;
  };
  const capture = async (holdId: string, eventId: string, n: number, final: boolean) => {
    const input = { hold: toTypeId('hold', holdId), events: [event(eventId, n)], final };
    return given(await usage.holds.capture(viewer, input)).events[0]?.event.id ?? '';
  };

  const first = await grant('10', 10);
  const second = await grant('10', 20);
  const open = await place('4');
  const parted = await place('8');
  const captured = await capture(parted, 'a part', 3, false);
  // Of the first grant everything is held, so this draws the second.
  given(await usage.record(viewer, { ...event('around', 2), customer }));
  clock.advance(1_000);
  const indebted = await place('8');
  given(await usage.record(viewer, { ...event('into debt', 1), customer }));
  const short = await place('1', 60);
  clock.advance(60_000);
  await ledger.expireHolds();
  const late = await capture(short, 'late', 1, true);

  // In another wallet: its second extension takes the rest of one grant, and of the next one what is missing.
  const bob = await openCustomer(services, viewer, 'bob');
  const ofBob = { customerId: bob, asset, scopeMetrics: [] };
  const bobs = [];
  for (const priority of [10, 20]) {
    const made = await ledger.grantCredit(viewer, ofBob, { amount: '10', priority });
    bobs.push(given(made).grantId);
  }
  const block = { customer: { externalId: 'bob' }, asset: 'CREDIT', amount: '4' };
  const extended = given(await usage.holds.place(viewer, block)).holdId;
  for (const amount of ['6', '12']) {
    given(await usage.holds.extend(viewer, { hold: toTypeId('hold', extended), amount }));
    const around = { ...event(`around ${amount}`, 2), customer: block.customer };
    given(await usage.record(viewer, around));
    await capture(extended, `of ${amount}`, 1, false);
  }
  const [bobsFirst, bobsSecond] = bobs;
  const ofBobs = { extended, bobsFirst, bobsSecond };
  return {
    ...ofBobs,
    viewer,
    walletId,
    first,
    second,
    open,
    parted,
    captured,
    indebted,
    short,
    late,
  };
}
