import { below } from '../../kit/fields.ts';
import { type NotFound, notFound } from '../../kit/refusal.ts';
import type { Aggregation } from '../../rating/aggregation.ts';
import { partsOf } from './check-whole.ts';
import type { CreditsDefinition, PlanDefinition } from './definition.ts';

export type FeatureKind = 'BOOLEAN' | 'STATIC' | 'METERED';

/** What the codes in a plan stand for, as far as they stand for anything. */
export interface Names {
  readonly assets: ReadonlyMap<string, NamedAsset>;
  readonly metrics: ReadonlyMap<string, NamedMetric>;
  readonly features: ReadonlyMap<string, { readonly kind: FeatureKind }>;
}

export interface NamedMetric {
  readonly id: string;
  readonly aggregation: Aggregation;
}

export interface NamedAsset {
  readonly id: string;
  readonly scale: number;
  readonly kind: 'FIAT' | 'CUSTOM';
}

/** A place in a plan that names something. */
export interface Reference {
  readonly noun: keyof Names;
  readonly path: string;
  readonly code: string;
}

const WHAT = { assets: 'Asset', metrics: 'BillableMetric', features: 'Feature' } as const;

/** Everything that a plan names, in the order of the document. */
export function referencesOf(path: string, plan: PlanDefinition): Reference[] {
  const asset = plan.asset === null ? [] : [refer('assets', below(path, 'asset'), plan.asset)];
  const prices = plan.prices.flatMap((price, index) => {
    const at = `${below(path, 'prices')}.${index}`;
    return [
      refer('metrics', `${at}.metric`, price.metric),
      refer('assets', `${at}.asset`, price.asset),
    ];
  });
  const parts = partsOf(path, plan).flatMap(([place, part]) => [
    ...ofCredits(below(place, 'credits'), part.credits),
    ...part.entitlements.flatMap(({ feature, spendCap }, index) => {
      const at = `${below(place, 'entitlements')}.${index}`;
      const cap = spendCap ? [refer('assets', `${at}.spendCap.asset`, spendCap.asset)] : [];
      return [refer('features', `${at}.feature`, feature), ...cap];
    }),
  ]);
  const trial = ofCredits(`${below(path, 'trial')}.credits`, plan.trial?.credits ?? []);
  return [...asset, ...prices, ...parts, ...trial];
}

/** Those of them that stand for nothing. */
export function missingNames(references: readonly Reference[], names: Names): NotFound[] {
  return references
    .filter(({ noun, code }) => !names[noun].has(code))
    .map(({ noun, path, code }) => notFound(path, WHAT[noun], code));
}

function ofCredits(path: string, credits: readonly CreditsDefinition[]): Reference[] {
  return credits.flatMap(({ asset, scope }, index) => [
    refer('assets', `${path}.${index}.asset`, asset),
    ...scope.map((code, at) => refer('metrics', `${path}.${index}.scope.${at}`, code)),
  ]);
}

function refer(noun: keyof Names, path: string, code: string): Reference {
  return { noun, path, code };
}
