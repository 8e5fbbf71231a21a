import type { Viewer } from '../src/access/viewer.ts';
import type { Services } from '../src/services.ts';

type Loaders = ReturnType<Services['createLoaders']>;

/** What every resolver is given. */
export interface Context {
  /** Who is asking; null only for introspection, every field of ours refuses it. */
  readonly viewer: Viewer | null;
  readonly services: Services;
  /** The batches of this operation, made by the rooms; each remembers what it has loaded. */
  loaders(): Loaders;
  /**
   * Forgets what was loaded: what a subscription pushes is read when it is pushed. With an occasion, once
   * for all that is pushed by it.
   */
  renewLoaders(occasion?: object): void;
  readonly requestId: string;
}

/** The context of one operation. Its properties are copied on the way, so what changes is behind functions. */
export function createContext(
  services: Services,
  caller: { readonly viewer: Viewer | null; readonly requestId: string },
): Context {
  let loaders: Loaders | null = null;
  let occasion: object | undefined;
  const { viewer, requestId } = caller;
  return {
    viewer,
    requestId,
    services,
    loaders() {
      if (!viewer) throw new Error('A field without a scope asked for the loaders.');
      loaders ??= services.createLoaders(viewer);
      return loaders;
    },
    renewLoaders(next) {
      if (next !== undefined && next === occasion) return;
      occasion = next;
      loaders = null;
    },
  };
}
