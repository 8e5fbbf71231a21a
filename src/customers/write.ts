import type { Viewer } from '../access/viewer.ts';
import { attach } from '../clocks/attach.ts';
import type { Db, Tx } from '../infra/db.ts';
import { once } from '../infra/idempotency.ts';
import { type Checker, createChecker } from '../kit/check.ts';
import type { Clock } from '../kit/clock.ts';
import { type Id, newId } from '../kit/ids.ts';
import {
  type Conflict,
  type IdempotencyMismatch,
  type Invalid,
  isRefusal,
  type NotFound,
} from '../kit/refusal.ts';
import { writeOutbox } from '../live/outbox.ts';
import { type CustomerRef, EXTERNAL_ID_MAX } from './customer-ref.ts';
import type { Resolver } from './resolve.ts';
import { type CustomerChanges, changeCustomer, findCustomers, insertCustomer } from './store.ts';

const NAME_MAX = 255;

export interface CreateCustomerInput {
  readonly externalId: string;
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly metadata?: unknown;
  /** The TypeID of the test clock that it shall go by. */
  readonly testClock?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface UpdateCustomerInput {
  readonly customer: CustomerRef;
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly metadata?: unknown;
  readonly idempotencyKey?: string | null | undefined;
}

export interface CustomerMade {
  readonly customerId: Id<'customer'>;
  readonly created: boolean;
}

export interface CustomerWriter {
  /**
   * A second call with the same external id answers with the first customer and `created: false`.
   * It changes nothing, also when name, email or metadata differ: that is what updateCustomer is
   * for. Whose time it goes by never changes.
   */
  createCustomer(
    viewer: Viewer,
    input: CreateCustomerInput,
  ): Promise<CustomerMade | Invalid | NotFound | Conflict | IdempotencyMismatch>;
  /** Null clears, absent keeps; metadata is replaced as a whole. */
  updateCustomer(
    viewer: Viewer,
    input: UpdateCustomerInput,
  ): Promise<{ readonly customerId: Id<'customer'> } | Invalid | NotFound | IdempotencyMismatch>;
}

export interface CustomerWriterDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly resolver: Resolver;
  /** Called after a commit that has something to tell; never waits and never throws. */
  readonly wake: () => void;
}

export function createWriter({ db, clock, resolver, wake }: CustomerWriterDeps): CustomerWriter {
  return {
    async createCustomer(viewer, input) {
      const wanted = checkedCustomer(input);
      if (isRefusal(wanted)) return wanted;
      const { organizationId } = viewer;
      const made = await db.transaction((tx) =>
        once<CustomerMade | NotFound | Conflict | Invalid>(
          tx,
          clock,
          { organizationId, operation: 'createCustomer', input },
          async () => {
            const time = await timeFor(tx, clock, viewer, input);
            if (isRefusal(time)) return time;
            const { testClockId, now: at } = time;
            const customerId = newId('customer');
            const row = { ...wanted, id: customerId, organizationId, testClockId, at };
            if (!(await insertCustomer(tx, row))) {
              return { customerId: await firstOf(tx, viewer, wanted.externalId), created: false };
            }
            const fact = { type: 'customer.created' as const };
            await writeOutbox(tx, [{ organizationId, customerId, fact }], clock.now());
            return { customerId, created: true };
          },
        ),
      );
      wake();
      return made;
    },

    async updateCustomer(viewer, input) {
      const changes = checkedChanges(input);
      if (isRefusal(changes)) return changes;
      const customerId = await resolver.resolveCustomer(viewer, input.customer);
      if (isRefusal(customerId)) return customerId;
      const { organizationId } = viewer;
      const changed = await db.transaction((tx) =>
        once(tx, clock, { organizationId, operation: 'updateCustomer', input }, async () => {
          const now = clock.now();
          await changeCustomer(tx, viewer, customerId, changes, now);
          const fact = { type: 'customer.updated' as const };
          await writeOutbox(tx, [{ organizationId, customerId, fact }], now);
          return { customerId };
        }),
      );
      wake();
      return changed;
    },
  };
}

/** Whose time a new customer goes by, and what time it is. */
async function timeFor(tx: Tx, clock: Clock, viewer: Viewer, { testClock }: CreateCustomerInput) {
  if (testClock == null) return { testClockId: null, now: clock.now() };
  return attach(tx, viewer, testClock);
}

async function firstOf(tx: Tx, viewer: Viewer, externalId: string): Promise<Id<'customer'>> {
  const [first] = await findCustomers(tx, viewer.organizationId, [externalId], []);
  if (!first) throw new Error('The customer that made an external id taken is not there.');
  return first.id;
}

function checkedCustomer(input: CreateCustomerInput) {
  const check = createChecker();
  const wanted = {
    externalId: check.text('externalId', input.externalId, EXTERNAL_ID_MAX),
    name: check.optionalText('name', input.name, NAME_MAX),
    email: email(check, input.email),
    metadata: check.object('metadata', input.metadata),
  };
  return check.fault() ?? wanted;
}

function checkedChanges(input: UpdateCustomerInput): CustomerChanges | Invalid {
  const check = createChecker();
  const { name, metadata } = input;
  const changes = {
    ...(name === undefined ? {} : { name: check.optionalText('name', name, NAME_MAX) }),
    ...(input.email === undefined ? {} : { email: email(check, input.email) }),
    ...(metadata === undefined ? {} : { metadata: check.object('metadata', metadata) }),
  };
  return check.fault() ?? changes;
}

function email(check: Checker, raw: string | null | undefined): string | null {
  return raw == null ? null : check.email('email', raw);
}
