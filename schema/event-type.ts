import { EVENT_TYPES, type EventType as Type } from '../src/live/event.ts';
import { builder } from './builder.ts';

const DESCRIPTIONS: Readonly<Record<Type, string>> = {
  'balance.changed': "A wallet's balance changed, for whatever reason.",
  'usage.recorded': 'A batch of usage was recorded for a customer.',
  'usage.refused': 'Usage was refused to a customer for want of funds.',
  'grant.created': 'A customer was granted credit.',
  'grant.voided': 'A grant was taken back, or a part of it.',
  'grant.expired': 'A grant ended by its time, with something left of it.',
  'wallet.opened': 'A wallet was opened.',
  'wallet.updated': 'The policy of a wallet was changed.',
  'customer.created': 'A customer was created.',
  'customer.updated': "A customer's name, e-mail address or metadata was changed.",
  'webhook.disabled': 'Nothing more is sent to a webhook endpoint until somebody enables it again.',
  'webhook.events_lost':
    'Events were forgotten, by their age, before they were delivered to a webhook endpoint.',
};

type NameOf<T> = T extends `${infer Noun}.${infer Verb}` ? Uppercase<`${Noun}_${Verb}`> : never;
type Name = NameOf<Type>;

/** `BALANCE_CHANGED` for `balance.changed`. */
function nameOf(type: Type): Name {
  return type.toUpperCase().replace('.', '_') as Name;
}

export const EventType = builder.enumType('EventType', {
  description: 'What an event tells of; payloads call it `balance.changed`.',
  values: Object.fromEntries(
    EVENT_TYPES.map((type) => [
      nameOf(type),
      { value: type, description: `\`${type}\`: ${DESCRIPTIONS[type]}` },
    ]),
  ) as Record<Name, { value: Type; description: string }>,
});
