import { toTypeId } from '../src/kit/ids.ts';
import type { GrantDraw as DrawShape, RecordedCharge } from '../src/usage/event.ts';
import { Asset } from './asset.ts';
import { BillableMetric } from './billable-metric.ts';
import { builder } from './builder.ts';
import { CreditGrant } from './grant.ts';
import { Rate } from './rate.ts';
import { Wallet } from './wallet.ts';

export const GrantDraw = builder.objectRef<DrawShape>('GrantDraw').implement({
  description: 'What a charge took from one grant.',
  fields: (t) => ({
    grant: t.field({
      type: CreditGrant,
      nullable: true,
      authScopes: { can: 'wallet:read' },
      description: 'The grant; null for what went into debt.',
      resolve: (draw, _args, context) => draw.grant && context.loaders().grants.load(draw.grant.id),
    }),
    amount: t.expose('amount', {
      type: 'Decimal',
      description: "How much, in the charge's asset.",
    }),
  }),
});

export const Charge = builder.objectRef<RecordedCharge>('Charge').implement({
  description:
    'What one event cost on one price: `amount` = `quantity` at `rate`, rounded once, half-even, to the scale of the asset, and paid by `draws`.',
  fields: (t) => ({
    id: t.id({
      description:
        "Names the event and the charge's number in it: `charge_01h455vb4pex5vsknk084sn02q_0`.",
      resolve: (charge) =>
        `${toTypeId('usageEvent', charge.usageEventId).replace('event', 'charge')}_${charge.ordinal}`,
    }),
    metric: t.field({
      type: BillableMetric,
      description: 'What counted the event.',
      resolve: (charge, _args, context) => context.loaders().metrics.load(charge.metricId),
    }),
    quantity: t.expose('quantity', { type: 'Decimal', description: 'What the metric counted.' }),
    amount: t.expose('amount', { type: 'Decimal', description: 'What it cost, in the asset.' }),
    asset: t.field({
      type: Asset,
      description: 'What the amount counts.',
      resolve: (charge, _args, context) => context.loaders().assets.load(charge.assetId),
    }),
    rate: t.field({
      type: Rate,
      description: 'The rate that was in force when the event occurred.',
      resolve: (charge, _args, context) => context.loaders().rates.load(charge.rateId),
    }),
    wallet: t.field({
      type: Wallet,
      nullable: true,
      authScopes: { can: 'wallet:read' },
      description:
        'What paid; null when it cost nothing and the customer has no wallet in the asset.',
      resolve: (charge, _args, context) =>
        charge.walletId && context.loaders().wallets.load(charge.walletId),
    }),
    draws: t.field({
      type: [GrantDraw],
      description: 'The grants it was paid from, in burn-down order; they add up to the amount.',
      resolve: (charge, _args, context) => charge.draws ?? context.loaders().draws.load(charge),
    }),
  }),
});
