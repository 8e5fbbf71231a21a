import type { Viewer } from '../access/viewer.ts';
import type { Id } from '../kit/ids.ts';

/** Who acts where there is no credential: the organization itself, for what it has said before. It may be shown to nobody. */
export function actingFor({
  id,
  mode,
}: {
  readonly id: string;
  readonly mode: Viewer['mode'];
}): Viewer {
  return {
    organizationId: id as Id<'organization'>,
    mode,
    kind: 'KEY',
    keyId: null,
    signingKeyId: null,
    customerId: null,
    scopes: new Set(),
    expiresAt: null,
  };
}
