import type { EventType as EventTypeName } from '../src/live/event.ts';
import { builder } from './builder.ts';

const DESCRIPTIONS: Record<EventTypeName, string> = {
  'balance.changed': 'What a wallet may spend has changed.',
  'usage.recorded': 'Usage was recorded and paid for: one event for all of a committed batch.',
  'usage.refused': 'Usage was refused for want of funds: one event for all of a committed batch.',
  'grant.created': 'Credit was granted.',
  'grant.voided': 'A grant, or a part of it, was taken back.',
  'grant.extended': 'A grant ends later than it was to: the trial that it is for was extended.',
  'grant.expired': 'A grant may pay no more for what happens from now on.',
  'hold.placed': 'Value was set aside by a hold.',
  'hold.captured': 'Usage was paid from a hold.',
  'hold.released': 'A hold was released: what it had set aside can be spent again.',
  'hold.expired': 'A hold has expired: what it had set aside can be spent again.',
  'alert.raised': 'A wallet has crossed an alert rule.',
  'alert.recovered': 'What an alert was raised for is over.',
  'grant.expiring': 'A grant ends within the days that an alert rule names.',
  'wallet.opened': 'A wallet was opened.',
  'wallet.updated': 'What happens when the money ends was changed.',
  'customer.created': 'A customer was created.',
  'customer.updated': "A customer's name, email or metadata was changed.",
  'subscription.created': 'A customer was subscribed to a plan.',
  'subscription.activated': 'The first period of a subscription that costs something has begun.',
  'subscription.renewed': 'A further period of a subscription has begun.',
  'subscription.updated':
    'The plan, seats, add-ons or trial of a subscription are others, or will be at the end of its period.',
  'subscription.past_due':
    'A wallet does not cover the period of a subscription that was to begin, the first one or another.',
  'subscription.paused': 'A subscription was paused.',
  'subscription.resumed': 'A subscription that was paused goes on.',
  'subscription.canceled': 'A subscription has ended.',
  'subscription.trial_ending': 'The trial of a subscription ends within three days.',
  'payment.created': 'A customer was asked for money.',
  'payment.action_required': 'A customer has to confirm a payment.',
  'payment.authorized': 'A payment is promised, and not there yet.',
  'payment.settled': 'A payment is there, and was credited.',
  'payment.failed': 'A payment has failed.',
  'payment.canceled': 'A payment was canceled.',
  'payment.limited': 'A limit against fraud is reached, and somebody was refused to pay.',
  'payment_method.attached': 'How a customer pays was kept.',
  'payment_method.detached': 'How a customer pays is not used any more.',
  'payment_method.expiring': 'A card of a customer expires within 30 days.',
  'payment.expired': 'A payment was not made in time.',
  'payment.change_failed':
    'The change of a subscription that was paid for could not be made; the money is credit.',
  'payment.refunded': 'Money of a payment was given back.',
  'payment.refund_failed':
    'Money of a payment was not given back after all, and its credit is there again.',
  'payment.disputed': 'A customer has called a payment into question at his bank.',
  'payment.dispute_closed': 'A dispute of a payment was won or lost.',
  'withdrawal.requested':
    'What a customer has paid and not spent is to go back; somebody has to confirm it.',
  'withdrawal.confirmed': 'A withdrawal was confirmed, and waits for its hold period.',
  'withdrawal.canceled': 'A withdrawal was called off, and its credit is there again.',
  'withdrawal.expired': 'A withdrawal was not confirmed in time, and its credit is there again.',
  'withdrawal.paid': 'The money of a withdrawal went back, or a part of it.',
  'withdrawal.failed':
    'None of the money of a withdrawal went back, and its credit is there again.',
  'recharge.started': 'A wallet ran low, and its rule has asked for money.',
  'recharge.succeeded': 'What a rule has asked for was paid and credited.',
  'recharge.declined': 'What a rule has asked for was not paid, or could not be asked for.',
  'recharge.capped': 'A wallet is low, and the caps of its rule are reached.',
  'recharge.suspended':
    'A rule was declined too often, and asks no more until it has another card.',
  'webhook.disabled': 'Nothing more is sent to a webhook endpoint until it is enabled again.',
  'webhook.events_lost':
    'Events were forgotten, by their age, before a webhook endpoint had been sent them.',
  'test_clock.ready': 'A test clock was advanced, and everything until then is done.',
};

/** `BALANCE_CHANGED` for `balance.changed`. */
export function nameOf(type: EventTypeName): string {
  return type.toUpperCase().replaceAll('.', '_');
}

export const EventType = builder.enumType('EventType', {
  description: 'What an event of the log tells. Webhooks write it as `balance.changed`.',
  values: Object.fromEntries(
    Object.entries(DESCRIPTIONS).map(([value, description]) => [
      nameOf(value as EventTypeName),
      { value: value as EventTypeName, description },
    ]),
  ) as Record<string, { value: EventTypeName; description: string }>,
});
