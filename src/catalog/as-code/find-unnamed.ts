import { inOrganization, type Viewer } from '../../access/viewer.ts';
import type { Models } from '../store.ts';
import type { CatalogName, CatalogNoun } from './change.ts';
import { listCodes } from './store.ts';

type Named = readonly { readonly code: string }[] | null | undefined;

/** Which things of a catalogue a document might have named; a section that is not there is about nothing. */
export interface NamedSections {
  readonly assets?: Named;
  readonly metrics?: Named;
  readonly features?: Named;
  readonly packs?: Named;
  readonly plans?: Named;
}

const NOUNS: Readonly<Record<keyof NamedSections, CatalogNoun>> = {
  assets: 'ASSET',
  metrics: 'METRIC',
  features: 'FEATURE',
  packs: 'PACK',
  plans: 'PLAN',
};

/** What is there and was not named, of each section that was given. It stays as it is. */
export async function findUnnamed(
  db: Models,
  viewer: Viewer,
  document: NamedSections,
): Promise<CatalogName[]> {
  const codes = await listCodes(db, inOrganization(viewer));
  const sections = Object.keys(NOUNS) as (keyof NamedSections)[];
  return sections.flatMap((section) => {
    const given = document[section];
    if (!given) return [];
    const named = new Set(given.map(({ code }) => code));
    return codes[section]
      .filter(({ code }) => !named.has(code))
      .map(({ code }) => ({ noun: NOUNS[section], name: code }));
  });
}
