type PageArgs = PothosSchemaTypes.DefaultConnectionArguments;

/** A filter that keeps rows within what the viewer may see, as of src/access/viewer.ts. */
type Reach = { readonly organizationId: string };

const UUID = '([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})';
const ID = new RegExp(`^GPC:S:${UUID}$`);
const ID_AND_CUSTOMER = new RegExp(`^GPC:J:\\["${UUID}","${UUID}"\\]$`);
const SEQUENCE = /^[0-9]{1,18}$/;

/**
 * How a list writes its cursors, and where they point to; null when the text is none that it wrote. A
 * list says in its extensions which of these are its own.
 */
export const CURSORS = {
  id(text: string) {
    const [, id] = ID.exec(decode(text)) ?? [];
    return id === undefined ? null : { id };
  },
  idAndCustomer(text: string) {
    const [, id, customerId] = ID_AND_CUSTOMER.exec(decode(text)) ?? [];
    return id === undefined || customerId === undefined
      ? null
      : { id_customerId: { id, customerId } };
  },
  /** Of a list of usage events by what else is known of them. */
  usageEvent(text: string) {
    const [, usageEventId, customerId] = ID_AND_CUSTOMER.exec(decode(text)) ?? [];
    return usageEventId === undefined || customerId === undefined
      ? null
      : { usageEventId_customerId: { usageEventId, customerId } };
  },
  /** Whether it is of the log that is asked is known when it is read. */
  event: (text: string) => (/^[A-Za-z0-9_-]{1,40}$/.test(text) ? { event: text } : null),
  sequence: (text: string) => (SEQUENCE.test(text) ? { sequence: BigInt(text) } : null),
} as const;

export type CursorKind = keyof typeof CURSORS;

/** As lists write it that Prisma reads. */
export function cursorOf({ id, customerId }: { readonly id: string; readonly customerId: string }) {
  return Buffer.from(`GPC:J:${JSON.stringify([id, customerId])}`).toString('base64');
}

/** Base64 that decodes but is not what we would have written is not ours either. */
function decode(text: string): string {
  const decoded = Buffer.from(text, 'base64').toString('utf8');
  return Buffer.from(decoded).toString('base64') === text ? decoded : '';
}

/**
 * Keeps the cursor of a page within what the viewer may see. Prisma looks its row up whoever's it is, and
 * without this the page after somebody else's row would differ from the page after one that is nowhere.
 */
export function withinReach<Query extends object>(query: Query, reach: Reach): Query {
  const { cursor } = query as { cursor?: object };
  return cursor ? { ...query, cursor: { ...cursor, ...reach } } : query;
}

/** The same for a list inside an object, which Prisma loads together with the object. */
export function cursorWithinReach<Kind extends 'id' | 'idAndCustomer' | 'usageEvent'>(
  kind: Kind,
  { after, before }: PageArgs,
  reach: Reach,
) {
  type Cursor = NonNullable<ReturnType<(typeof CURSORS)[Kind]>>;
  const text = after ?? before;
  if (text == null) return {};
  return { cursor: { ...(CURSORS[kind](text) as Cursor), ...reach } };
}
