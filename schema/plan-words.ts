import { builder } from './builder.ts';

// The words that a plan is written with.

export const PlanInterval = builder.enumType('PlanInterval', {
  description: 'What a billing period is counted in.',
  values: {
    DAY: { description: 'Days.' },
    WEEK: { description: 'Weeks.' },
    MONTH: { description: 'Calendar months.' },
    YEAR: { description: 'Calendar years.' },
  },
});

const RHYTHM = {
  PERIOD: { description: 'With each billing period.' },
  DAY: { description: 'With each day.' },
  WEEK: { description: 'With each week.' },
  MONTH: { description: 'With each month.' },
  YEAR: { description: 'With each year.' },
} as const;

export const PlanRhythm = builder.enumType('PlanRhythm', {
  description: 'How often something begins again.',
  values: RHYTHM,
});

export const PlanCreditRhythm = builder.enumType('PlanCreditRhythm', {
  description: 'How often credits are granted.',
  values: { ...RHYTHM, ONCE: { description: 'Once, at the beginning.' } },
});

export const PlanReset = builder.enumType('PlanReset', {
  description: 'When the usage of a feature is counted from zero again.',
  values: { ...RHYTHM, NEVER: { description: 'Never.' } },
});

export const PlanFeeKind = builder.enumType('PlanFeeKind', {
  description: 'When a fee is charged.',
  values: {
    RECURRING: { description: 'In advance, with each billing period.' },
    ONCE: { description: 'With the first billing period only.' },
  },
});

export const PlanCreditExpiry = builder.enumType('PlanCreditExpiry', {
  description:
    'When included credits expire. The period is the one that they are granted for: with `every: DAY` a day, with ONCE a billing period.',
  values: {
    END_OF_PERIOD: { description: 'With their period.' },
    END_OF_NEXT_PERIOD: { description: 'With the period after it.' },
    AFTER_DAYS: { description: '`expiresAfterDays` days after they were granted.' },
    NEVER: { description: 'Never.' },
  },
});

export const PlanExceeded = builder.enumType('PlanExceeded', {
  description: 'What is answered when a limit is exceeded.',
  values: {
    DENY: { description: 'It must not be done.' },
    THROTTLE: { description: 'It may be done, in the slow lane.' },
    ALLOW: { description: 'It may be done: the limit is only reported.' },
  },
});

export const PlanWindow = builder.enumType('PlanWindow', {
  description: 'The length of a window with a cap of its own.',
  values: {
    MINUTE: { description: 'A minute.' },
    HOUR: { description: 'An hour.' },
    DAY: { description: 'A day.' },
    MONTH: { description: 'A month.' },
  },
});
