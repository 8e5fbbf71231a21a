import { setTimeout as pause } from 'node:timers/promises';
import type { CreateAlertRuleInput } from '../../src/alerts/create-rule.ts';
import type { ConditionInput } from '../../src/alerts/read-condition.ts';
import { DAY_MS } from '../../src/kit/clock.ts';
import { type Id, toTypeId } from '../../src/kit/ids.ts';
import type { LoggedEvent } from '../../src/live/event.ts';
import { readEvents } from '../../src/live/event-log.ts';
import { given } from '../laws/laboratory.ts';
import { openTwoProcesses, type TwoProcesses, usage } from '../laws/two-processes.ts';

export type AlertWorld = Awaited<ReturnType<typeof openAlertWorld>>;

/** Two processes on one database, and short words for rules and for what they raised. */
export async function openAlertWorld() {
  const world = await openTwoProcesses();
  const { db, services } = world.laboratory;
  const { viewer } = world;
  const nameOf = await ruleNames(world);

  async function createRule(
    name: string,
    condition: ConditionInput,
    target: { customerId?: Id<'customer'>; walletId?: string } = {},
  ): Promise<string> {
    const wallet = target.walletId ? toTypeId('wallet', target.walletId) : null;
    const input: CreateAlertRuleInput = { name, condition, wallet };
    const asset = wallet ? null : world.credit;
    const whom = { customerId: wallet ? null : (target.customerId ?? null), asset };
    const { ruleId } = given(await services.alerts.createRule(viewer, whom, input));
    nameOf.set(ruleId, name);
    return ruleId;
  }

  /** The log of a customer once everything that was committed is in it. */
  async function logOf(customerId: string): Promise<LoggedEvent[]> {
    while ((await db.prisma.outboxRow.count()) > 0) {
      await services.sequencer.pass();
      await pause(1);
    }
    return readEvents(db.direct, { organizationId: viewer.organizationId, customerId }, 0, 2_000);
  }

  return {
    ...world,
    nameOf,
    createRule,
    logOf,
    charge: (externalId: string, eventId: string, amount: number, at = 0) =>
      world.processOf(at).usage.record(viewer, usage(externalId, eventId, amount)),
    async topUp(customerId: Id<'customer'>, amount: string, more: object = {}) {
      const target = { customerId, asset: world.credit, scopeMetrics: [] };
      const { grantId } = given(
        await services.ledger.grantCredit(viewer, target, { amount, ...more }),
      );
      return grantId;
    },
    /** What was told of rules, in order: `raised Below 50 %`. */
    async told(customerId: string): Promise<string[]> {
      return (await logOf(customerId)).flatMap(({ fact }) => {
        if (fact.type === 'alert.raised') return `raised ${nameOf.get(fact.ruleId)}`;
        return fact.type === 'alert.recovered' ? `recovered ${nameOf.get(fact.ruleId)}` : [];
      });
    },
    inDays: (days: number) =>
      new Date(world.laboratory.clock.now().getTime() + days * DAY_MS).toISOString(),
    /** Which rule has told of the end of which grant, each as often as it did. */
    async toldGrants(customerId: string) {
      return (await logOf(customerId)).flatMap(({ fact }) =>
        fact.type === 'grant.expiring'
          ? { rule: nameOf.get(fact.ruleId), grantId: fact.grantId }
          : [],
      );
    },
    /** What a worker does now and then. */
    async look(): Promise<void> {
      while (await services.alerts.sweep());
      while (await services.alerts.watchGrants());
    },
    async deleteRule(ruleId: string): Promise<void> {
      given(await services.alerts.deleteRule(viewer, { rule: toTypeId('alertRule', ruleId) }));
    },
    /** The rules that a wallet has crossed and not recovered from, in the order of their names. */
    async active(walletId: string): Promise<string[]> {
      const alerts = await db.prisma.alert.findMany({ where: { walletId, recoveredAt: null } });
      return alerts.map(({ ruleId }) => nameOf.get(ruleId) ?? ruleId).sort();
    },
    storedAlerts: (walletId: string) =>
      db.prisma.alert.findMany({ where: { walletId }, orderBy: { id: 'asc' } }),
  };
}

async function ruleNames({ laboratory: { db } }: TwoProcesses): Promise<Map<string, string>> {
  const rules = await db.prisma.alertRule.findMany();
  return new Map(rules.map(({ id, name }) => [id, name ?? id]));
}
