import { type Worth, worthOf } from '../src/catalog/exchange/worth.ts';
import { Asset } from './asset.ts';
import { builder } from './builder.ts';
import { customerTime } from './customer-time.ts';
import { ExchangeRate } from './exchange-rate.ts';
import { nothingThere } from './faults.ts';

const WalletWorth = builder.objectRef<Worth>('WalletWorth').implement({
  description:
    'What a wallet holds, expressed in another asset. Each amount is rounded once, half-even, to the scale of that asset.',
  fields: (t) => ({
    asset: t.field({
      type: Asset,
      description: 'What the amounts count.',
      resolve: (worth, _args, context) => context.loaders().assets.load(worth.assetId),
    }),
    settled: t.expose('settled', {
      type: 'Decimal',
      description: '`balance.settled` in the asset.',
    }),
    available: t.expose('available', {
      type: 'Decimal',
      description: '`balance.available` in the asset.',
    }),
    rate: t.expose('rate', {
      type: 'Decimal',
      description: "What 1 of the wallet's asset counts for when it is spent; 1 in its own asset.",
    }),
    exchangeRate: t.field({
      type: ExchangeRate,
      nullable: true,
      description: "What says so; null in the wallet's own asset.",
      authScopes: { can: 'catalog:read' },
      resolve: ({ exchangeRateId }, _args, context) =>
        exchangeRateId === null ? null : context.loaders().exchangeRates.load(exchangeRateId),
    }),
    at: t.expose('at', {
      type: 'DateTime',
      description: "When it is worth so much: now, by the customer's time.",
    }),
  }),
});

builder.prismaObjectField('Wallet', 'worth', (t) =>
  t.field({
    type: WalletWorth,
    nullable: true,
    description:
      "What it holds now in another asset, by the `spendRate` in force by the customer's time; in its own asset it is worth what it holds. Null when no rate says so. An asset that the organization does not have is a NOT_FOUND error.",
    authScopes: { can: 'wallet:read' },
    args: {
      in: t.arg.string({ required: true, description: 'An asset by its code (`USD`) or its id.' }),
    },
    resolve: async (wallet, args, context) => {
      const { assetsNamed, exchangeInForce, balances } = context.loaders();
      const [asset, at] = await Promise.all([
        assetsNamed.load(args.in),
        customerTime(context, wallet.testClockId),
      ]);
      if (!asset) throw nothingThere('Asset', args.in);
      const moment = {
        fromAssetId: wallet.assetId,
        toAssetId: asset.id,
        purpose: 'SPEND',
        at,
      } as const;
      const inForce = asset.id === wallet.assetId ? 'OWN' : await exchangeInForce.load(moment);
      return inForce && worthOf(await balances.load(wallet.id), asset, inForce, at);
    },
  }),
);
