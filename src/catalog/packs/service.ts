import type { Viewer } from '../../access/viewer.ts';
import { createChecker } from '../../kit/check.ts';
import type { Invalid } from '../../kit/refusal.ts';
import type { CatalogRoom } from '../change.ts';
import { findAssets } from '../store.ts';
import { type ArchiveCreditPackInput, archiveCreditPack } from './archive.ts';
import { storedPack } from './definition.ts';
import { type PackQuote, quotePack } from './quote.ts';
import { type SaveCreditPackInput, saveCreditPack } from './save.ts';
import { createPackReads } from './store.ts';

/** Credits that are sold by the piece. */
export function createPacks(room: CatalogRoom) {
  const reads = createPackReads(room.db);
  return {
    ...reads,
    saveCreditPack: (viewer: Viewer, input: SaveCreditPackInput) =>
      saveCreditPack(room, viewer, input),
    archiveCreditPack: (viewer: Viewer, input: ArchiveCreditPackInput) =>
      archiveCreditPack(room, viewer, input),

    /** What so many of a stored pack cost now. */
    async quotePack(
      viewer: Viewer,
      { definition }: { readonly definition: unknown },
      quantity: number,
    ): Promise<PackQuote | Invalid> {
      const pack = storedPack(definition);
      const check = createChecker();
      check.integer('quantity', quantity, 1, pack.maxQuantity);
      const fault = check.fault();
      if (fault) return fault;
      const assets = await findAssets(room.db, viewer, [pack.asset, pack.priceAsset]);
      const credit = assets.get(pack.asset);
      const money = assets.get(pack.priceAsset);
      if (!credit || !money) throw new Error('A pack names an asset that is not there.');
      const scales = { creditScale: credit.scale, priceMinorUnits: money.minorUnits };
      return quotePack(pack, quantity, scales);
    },
  };
}
