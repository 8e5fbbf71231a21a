import type { Viewer } from '../../src/access/viewer.ts';
import type { Services } from '../../src/services.ts';
import { given, openAsset, openCustomer } from './laboratory.ts';
import { nearest, ONE, units } from './units.ts';

// What the model tests sell. The catalogue as the product has it, and beside it the same prices written
// down by hand for the reference model.

export const ASSETS = [
  { code: 'XUSD', scale: 6, burnOrder: 'PRIORITY' },
  { code: 'PTS', scale: 0, burnOrder: 'FIFO' },
  { code: 'GPU', scale: 2, burnOrder: 'LIFO' },
  { code: 'SEAT', scale: 1, burnOrder: 'EXPIRY_FIRST' },
] as const;

export const METRICS = ['input', 'output', 'chats', 'seconds', 'seats'] as const;

export const CUSTOMERS = ['ada', 'bob'] as const;

export type Properties = Readonly<Record<string, string | number>>;

/** One charge as the reference model computes it; amounts in units. */
export interface RefCharge {
  readonly metric: string;
  readonly asset: string;
  readonly quantity: bigint;
  readonly amount: bigint;
}

export interface RefFault {
  readonly refusal: 'UnknownEventType' | 'PriceNotFound' | 'Invalid';
}

/** Opens the catalogue and the customers for an organization; answers what the services are called with. */
export async function openShop(services: Services, viewer: Viewer) {
  const { catalog } = services;
  const assets = new Map<string, Awaited<ReturnType<typeof openAsset>>>();
  for (const asset of ASSETS) assets.set(asset.code, await openAsset(services, viewer, asset));

  async function metric(code: string, eventType: string, property: string | null) {
    const aggregation = property ? ('SUM' as const) : ('COUNT' as const);
    const input = { code, eventType, aggregation, property };
    given(await catalog.createBillableMetric(viewer, input));
  }
  await metric('input', 'chat', 'in');
  await metric('output', 'chat', 'out');
  await metric('chats', 'chat', null);
  await metric('seconds', 'gpu', 'seconds');
  await metric('seats', 'seat', null);

  async function price(metricCode: string, asset: string, unitAmount: string, more: object = {}) {
    given(await catalog.createPrice(viewer, { metric: metricCode, asset, unitAmount, ...more }));
  }
  await price('input', 'XUSD', '0.0000035');
  await price('input', 'XUSD', '0.03', { dimensions: { model: 'maxi' } });
  await price('output', 'XUSD', '0.5', { packageSize: '1000' });
  await price('chats', 'PTS', '2');
  await price('seconds', 'GPU', '0.125');
  await price('seats', 'SEAT', '2.5', { dimensions: { region: 'eu' } });

  const customers = new Map<string, Awaited<ReturnType<typeof openCustomer>>>();
  for (const name of CUSTOMERS) customers.set(name, await openCustomer(services, viewer, name));
  return { assets, customers };
}

/** The same prices by hand. */
export function priceByHand(type: string, properties: Properties): RefCharge[] | RefFault {
  switch (type) {
    case 'chat':
      return chat(properties);
    case 'gpu':
      return gpu(properties);
    case 'seat':
      if (properties.region !== 'eu') return { refusal: 'PriceNotFound' };
      return [{ metric: 'seats', asset: 'SEAT', quantity: ONE, amount: units('2.5') }];
    default:
      return { refusal: 'UnknownEventType' };
  }
}

function chat(properties: Properties): RefCharge[] | RefFault {
  const input = units(String(properties.in ?? 0));
  const output = units(String(properties.out ?? 0));
  if (input < 0n || output < 0n) return { refusal: 'Invalid' };
  const price = properties.model === 'maxi' ? units('0.03') : units('0.0000035');
  const packages = (output + 1000n * ONE - 1n) / (1000n * ONE);
  const charges = [
    {
      metric: 'input',
      asset: 'XUSD',
      quantity: input,
      amount: nearest(input * price, ONE, 10n ** 6n),
    },
    { metric: 'output', asset: 'XUSD', quantity: output, amount: packages * units('0.5') },
    { metric: 'chats', asset: 'PTS', quantity: ONE, amount: 2n * ONE },
  ];
  return charges.filter((charge) => charge.quantity > 0n);
}

function gpu(properties: Properties): RefCharge[] | RefFault {
  const seconds = units(String(properties.seconds ?? 0));
  if (seconds < 0n) return { refusal: 'Invalid' };
  if (seconds === 0n) return [];
  const amount = nearest(seconds * units('0.125'), ONE, 10n ** 10n);
  return [{ metric: 'seconds', asset: 'GPU', quantity: seconds, amount }];
}
