import { createChecker } from '../src/kit/check.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { invalid } from '../src/kit/refusal.ts';
import { Asset } from './asset.ts';
import { Balance, BalanceUpdate } from './balance.ts';
import { builder } from './builder.ts';
import { CustomerRef, customerIdOf } from './customer.ts';
import { InsufficientFundsError, resultOf } from './errors.ts';
import { badUserInput, nothingThere } from './faults.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';
import { targetOf } from './target.ts';
import { walletPayload } from './wallet-payloads.ts';

export const OnEmpty = builder.enumType('OnEmpty', {
  description: 'What happens when a charge finds less than it needs.',
  values: {
    BLOCK: { description: 'The charge is refused. The default.' },
    OVERDRAFT: { description: 'It goes through as far as `overdraftLimit` below zero.' },
    THROTTLE: {
      description:
        'As OVERDRAFT, and usage that cost something and left a debt is answered with `throttled`: the customer belongs in the slow lane.',
    },
    ARREARS: { description: 'It always goes through; the debt is yours to bill.' },
  },
});

export const Wallet = builder.prismaObject('Wallet', {
  description: "One customer's account in one asset.",
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `wallet_01h455vb4pex5vsknk084sn02q`.',
      resolve: (wallet) => toTypeId('wallet', wallet.id),
    }),
    name: t.exposeString('name', {
      description: 'Unique for the customer and asset; usage draws on `default`.',
    }),
    asset: t.relation('asset', { description: 'What it counts.' }),
    customer: t.relation('customer', {
      description: 'Whose it is.',
      authScopes: { can: 'customer:read' },
    }),
    version: t.expose('version', {
      type: 'SafeInt',
      description: 'Grows by one with every committed change; orders what subscribers see.',
    }),
    onEmpty: t.expose('onEmpty', {
      type: OnEmpty,
      description: 'What happens when the money ends.',
    }),
    overdraftLimit: t.expose('overdraftLimit', {
      type: 'Decimal',
      description: 'How far below zero OVERDRAFT and THROTTLE may go.',
    }),
    balance: t.field({
      type: Balance,
      description: 'What it holds now.',
      resolve: (wallet, _args, context) => context.loaders().balances.load(wallet.id),
    }),
    balanceAt: t.field({
      type: Balance,
      authScopes: { can: 'wallet:read' },
      description:
        'What it held at a past instant, from the entries booked by then and the grants in force then; what holds had set aside then is not kept, so `held` is `0`. An instant ahead of now answers as of now.',
      args: {
        at: t.arg({ type: 'DateTime', required: true, description: 'The instant, RFC 3339.' }),
      },
      resolve: (wallet, args, context) => {
        const check = createChecker();
        const at = check.instant('at', args.at);
        const fault = check.fault();
        if (fault || !at) throw badUserInput(fault ?? invalid());
        return context.services.ledger.readBalanceAt(wallet, at);
      },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was opened.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
  }),
});

registerNode('wallet', Wallet, (context, id) =>
  context.services.ledger.findWallet(viewerOf(context), id),
);

builder.prismaObjectFields('Customer', (t) => ({
  wallets: t.relation('wallets', {
    description: "The customer's wallets, oldest first; a customer has a few.",
    authScopes: { can: 'wallet:read' },
    query: { orderBy: { id: 'asc' } },
  }),
}));

builder.objectFields(BalanceUpdate, (t) => ({
  wallet: t.field({
    type: Wallet,
    description: 'The wallet that changed.',
    resolve: (update, _args, context) => context.loaders().wallets.load(update.walletId),
  }),
}));

builder.objectFields(InsufficientFundsError, (t) => ({
  asset: t.field({
    type: Asset,
    description: 'What the amounts count.',
    resolve: (refusal, _args, context) => context.loaders().assets.load(refusal.assetId),
  }),
  wallet: t.field({
    type: Wallet,
    nullable: true,
    description: 'The wallet that was short; null when the customer has none in the asset.',
    resolve: (refusal, _args, context) =>
      refusal.walletId && context.loaders().wallets.load(refusal.walletId),
  }),
}));

builder.queryFields((t) => ({
  wallet: t.prismaField({
    type: 'Wallet',
    nullable: true,
    description: 'A wallet by its id; null when there is none that this credential may see.',
    authScopes: { can: 'wallet:read' },
    args: { id: t.arg.id({ required: true, description: 'Its TypeID.' }) },
    resolve: (query, _root, { id }, context) =>
      context.services.ledger.findWalletByTypeId(viewerOf(context), id, query),
  }),
}));

const OpenWalletInput = builder.inputType('OpenWalletInput', {
  description: 'A wallet to open. Opening it again answers the first one, its policy unchanged.',
  fields: (t) => ({
    customer: t.field({ type: CustomerRef, required: true, description: 'Whose it shall be.' }),
    asset: t.string({
      required: true,
      description: 'What it counts: the code or TypeID of an asset.',
    }),
    name: t.string({ description: '`default` when left out; at most 64 characters.' }),
    onEmpty: t.field({ type: OnEmpty, description: 'BLOCK when left out.' }),
    overdraftLimit: t.field({
      type: 'Decimal',
      description: 'Zero or more; required for OVERDRAFT and THROTTLE, refused for the others.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const OpenWalletPayload = walletPayload<{ walletId: string; created: boolean }>(
  'OpenWalletPayload',
  'The wallet is open.',
);

builder.objectField(OpenWalletPayload, 'created', (t) =>
  t.exposeBoolean('created', { description: 'False when it was open before.' }),
);

const UpdateWalletInput = builder.inputType('UpdateWalletInput', {
  description: 'What to change about a wallet; what is left out stays as it is.',
  fields: (t) => ({
    wallet: t.id({ required: true, description: 'Its TypeID.' }),
    onEmpty: t.field({
      type: OnEmpty,
      description: 'What happens from now on when the money ends.',
    }),
    overdraftLimit: t.field({ type: 'Decimal', description: 'Zero or more, in the asset.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const UpdateWalletPayload = walletPayload('UpdateWalletPayload', 'The wallet is changed.');

builder.mutationFields((t) => ({
  openWallet: t.field({
    type: resultOf('OpenWalletResult', OpenWalletPayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description: 'Opens a wallet. The first grant in an asset opens the default one by itself.',
    authScopes: { can: 'wallet:write' },
    args: { input: t.arg({ type: OpenWalletInput, required: true, description: 'The wallet.' }) },
    resolve: async (_root, { input }, context) => {
      const target = await targetOf(context, input);
      if ('refusal' in target) return target;
      return context.services.ledger.openWallet(viewerOf(context), target, input);
    },
  }),
  updateWallet: t.field({
    type: resultOf('UpdateWalletResult', UpdateWalletPayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description: 'Changes what happens when the money ends. What is owed already stays owed.',
    authScopes: { can: 'wallet:write' },
    args: { input: t.arg({ type: UpdateWalletInput, required: true, description: 'The change.' }) },
    resolve: (_root, { input }, context) =>
      context.services.ledger.updateWallet(viewerOf(context), input),
  }),
}));

builder.subscriptionFields((t) => ({
  balanceChanged: t.field({
    type: BalanceUpdate,
    description:
      'The state of a wallet now, then after each change, with strictly increasing versions. A reader that is slow skips to the latest. A wallet that this credential may not see is a NOT_FOUND error.',
    authScopes: { can: 'wallet:read' },
    args: {
      walletId: t.arg.id({ required: true, description: 'Its TypeID.' }),
      sinceVersion: t.arg({
        type: 'SafeInt',
        description: 'The version you have: the state at the start is left out unless it is newer.',
      }),
    },
    subscribe: async (_root, { walletId, sinceVersion }, context) => {
      const viewer = viewerOf(context);
      const states = await context.services.watchBalance(viewer, walletId, sinceVersion ?? null);
      if (!states) throw nothingThere('Wallet', walletId);
      return states;
    },
    resolve: (update, _args, context) => {
      context.renewLoaders();
      return update;
    },
  }),
  customerBalances: t.field({
    type: BalanceUpdate,
    description:
      "The state of each of a customer's wallets now, then after each change, with strictly increasing versions of each, also of wallets that are opened later. A reader that is slow skips to the latest of each. A customer that this credential may not see is a NOT_FOUND error.",
    authScopes: { can: 'wallet:read' },
    args: { customer: t.arg({ type: CustomerRef, required: true, description: 'Whose.' }) },
    subscribe: async (_root, { customer }, context) => {
      const customerId = await customerIdOf(context, customer);
      const { organizationId } = viewerOf(context);
      return context.services.live.watchBalance({ organizationId, customerId, walletId: null });
    },
    resolve: (update, _args, context) => {
      context.renewLoaders();
      return update;
    },
  }),
}));
