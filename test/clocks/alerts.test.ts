import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromTypeId } from '../../src/kit/ids.ts';
import { withAdmin } from '../support/admin.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { type ClockWords, clockWords, day } from './clock-fixture.ts';

// What alert rules say about customers on a test clock is said by its time.

let api: TestApi;
let words: ClockWords;

beforeAll(async () => {
  api = await startApi({ worker: true });
  words = clockWords(api.ask);
  await words.openShop();
});
afterAll(() => api.stop());

async function createRule(externalId: string, condition: object): Promise<string> {
  const input = { customer: { externalId }, condition, asset: 'USD' };
  const { alertRule } = await words.mutate(
    'createAlertRule',
    'CreateAlertRuleInput',
    input,
    '... on CreateAlertRulePayload { alertRule { id } }',
  );
  return alertRule.id;
}

/** `kind raisedAt recoveredAt` of a customer's alerts, oldest first. */
async function alertsOf(externalId: string, kind: string): Promise<string[]> {
  const { customer } = await words.run(
    `query ($ref: CustomerRef!) { customer(ref: $ref) { alerts(first: 50) {
      edges { node { kind raisedAt recoveredAt } }
    } } }`,
    { ref: { externalId } },
  );
  return customer.alerts.edges
    .map(({ node }: { node: Record<string, string | null> }) => node)
    .filter((alert: Record<string, string | null>) => alert.kind === kind)
    .map((alert: Record<string, string | null>) => `${alert.raisedAt} ${alert.recoveredAt}`)
    .reverse();
}

test('a grant is told to expire on the day that the rule names, and the alert ends with it', async () => {
  const clock = await words.clock();
  await words.customer('ending', clock);
  await createRule('ending', { grantExpiringDays: 7 });
  await words.grant('ending', '10', { expiresAt: day(30) });
  await words.advance(clock, day(22));
  expect(await alertsOf('ending', 'GRANT_EXPIRING')).toEqual([]);
  await words.advance(clock, day(24));
  // What a worker does by the server's time, by which it ended years ago.
  await api.services.alerts.watchGrants();
  expect(await alertsOf('ending', 'GRANT_EXPIRING')).toEqual([`${day(23)} null`]);
  await words.advance(clock, day(40));
  expect(await alertsOf('ending', 'GRANT_EXPIRING')).toEqual([`${day(23)} ${day(30)}`]);
});

test('a trial that is extended has its credits told to expire for the end of then, by the time of the clock', async () => {
  const clock = await words.clock();
  await words.customer('trying', clock);
  await createRule('trying', { grantExpiringDays: 7 });
  const credits = (code: string, amount: string) => [{ code, asset: 'USD', amount }];
  const trial = { days: 14, credits: credits('trial', '10') };
  const definition = { credits: credits('included', '3'), trial };
  const made = '... on Error { code }';
  const plan = { code: 'tried', name: 'Tried', definition };
  await words.mutate('savePlanDraft', 'SavePlanDraftInput', plan, made);
  await words.mutate('publishPlan', 'PublishPlanInput', { plan: 'tried' }, made);
  const { subscription } = await words.mutate(
    'createSubscription',
    'CreateSubscriptionInput',
    { customer: { externalId: 'trying' }, plan: 'tried' },
    '... on CreateSubscriptionPayload { subscription { id } }',
  );
  await words.advance(clock, day(10));
  const extension = { subscription: subscription.id, until: day(28) };
  await words.mutate('extendTrial', 'ExtendTrialInput', extension, made);
  await words.advance(clock, day(27));
  expect(await words.available('trying')).toBe('10');
  await words.advance(clock, day(28));
  expect(await words.available('trying')).toBe('3');
  expect(await alertsOf('trying', 'GRANT_EXPIRING')).toEqual([
    `${day(7)} ${day(10)}`,
    `${day(21)} ${day(28)}`,
  ]);
});

test('a rule that is made for all finds the grants that end soon by the time of their clock, and takes its alerts along', async () => {
  const clock = await words.clock({ now: day(100) });
  await words.customer('found', clock);
  await words.customer('of the server', null);
  await words.grant('found', '10', { expiresAt: day(103) });
  const { alertRule } = await words.mutate(
    'createAlertRule',
    'CreateAlertRuleInput',
    { condition: { grantExpiringDays: 5 } },
    '... on CreateAlertRulePayload { alertRule { id } }',
  );
  expect(await alertsOf('found', 'GRANT_EXPIRING')).toEqual([`${day(100)} null`]);
  await words.mutate('deleteAlertRule', 'DeleteAlertRuleInput', { rule: alertRule.id }, '');
  expect(await alertsOf('found', 'GRANT_EXPIRING')).toEqual([`${day(100)} ${day(100)}`]);
});

test('spending too fast is measured by the clock, and is over when it has gone on', async () => {
  const clock = await words.clock();
  await words.customer('runaway', clock);
  await createRule('runaway', {
    burnRate: { windowMinutes: 60, multiple: '3', trailingHours: 24, minimum: '5' },
  });
  await words.grant('runaway', '1000');
  await words.use('runaway', 'r-1', 1);
  await words.advance(clock, day(0.5));
  // By the server's time it is long ago, but not by its own.
  await api.services.alerts.forgetSpend();
  await words.use('runaway', 'r-2', 100);
  expect(await alertsOf('runaway', 'BURN_RATE')).toEqual([`${day(0.5)} null`]);
  await words.advance(clock, day(1));
  // The step of five minutes in which it was spent leaves the window of an hour.
  expect(await alertsOf('runaway', 'BURN_RATE')).toEqual([`${day(0.5)} ${day(0.5 + 1 / 24)}`]);
});

test('what was spent is forgotten when no rule of the clock looks back to it', async () => {
  const clock = await words.clock();
  await words.customer('forgetful', clock);
  await createRule('forgetful', { projectedEmptyHours: 1 });
  await words.grant('forgetful', '1000');
  await words.use('forgetful', 'g-1', 1);
  const walletId = fromTypeId('wallet', (await words.wallet('forgetful')).id);
  const steps = async () => {
    const text = 'SELECT count(*)::int AS count FROM alert_spend WHERE wallet_id = $1';
    const { rows } = await withAdmin(api.databaseUrl, (admin) => admin.query(text, [walletId]));
    return rows[0].count;
  };
  await words.advance(clock, day(15));
  await api.services.alerts.forgetSpend();
  expect(await steps()).toBe(1);
  await words.advance(clock, day(17));
  await api.services.alerts.forgetSpend();
  expect(await steps()).toBe(0);
});

test('what happened is told in the order of the time of the clock', async () => {
  const clock = await words.clock();
  await words.customer('told', clock);
  await createRule('told', { grantExpiringDays: 1 });
  await words.grant('told', '10', { expiresAt: day(30) });
  await words.grant('told', '7', { effectiveAt: day(10), expiresAt: day(20) });
  await words.advance(clock, day(60));
  const story = await words.story('told', api.databaseUrl);
  expect(story.slice(story.indexOf('BalanceChanged GRANT 10+7') + 1)).toEqual([
    'BalanceChanged TIME 17+0',
    'AlertRaised GRANT_EXPIRING',
    'GrantExpiring 7',
    'GrantExpired 7',
    'BalanceChanged TIME 10+0',
    'AlertRecovered GRANT_EXPIRING',
    'BalanceChanged EXPIRY 10+0',
    'AlertRaised GRANT_EXPIRING',
    'GrantExpiring 10',
    'GrantExpired 10',
    // A rule that every organization begins with.
    'AlertRaised BELOW_PERCENT',
    'BalanceChanged TIME 0+0',
    'AlertRecovered GRANT_EXPIRING',
    'BalanceChanged EXPIRY 0+0',
  ]);
});
