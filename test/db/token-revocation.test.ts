import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AUTHENTICATION_MESSAGES } from '../../src/access/authenticate.ts';
import type { Viewer } from '../../src/access/viewer.ts';
import { SECOND_MS } from '../../src/kit/clock.ts';
import { newId } from '../../src/kit/ids.ts';
import { untilAwaited } from '../support/held-wallets.ts';
import { given, issuesOf, openRooms } from './access-fixture.ts';

// Three processes on one database, each with caches of its own.

let rooms: Awaited<ReturnType<typeof openRooms>>;
let processes: ReturnType<typeof rooms.startProcess>[];
let acme: Viewer;
let other: Viewer;

beforeAll(async () => {
  rooms = await openRooms();
  processes = [rooms, rooms.startProcess(), rooms.startProcess()];
  acme = (await rooms.openOrganization('Acme')).viewer;
  other = (await rooms.openOrganization('Other')).viewer;
  for (const viewer of [acme, other]) {
    given(await rooms.customers.createCustomer(viewer, { externalId: 'ada' }));
  }
});
afterAll(() => rooms.close());

const { UNKNOWN_TOKEN } = AUTHENTICATION_MESSAGES;

async function makeToken(viewer = acme, at = 0): Promise<string> {
  const customer = { externalId: 'ada' };
  const made = await processes[at % 3]?.access.createCustomerToken(viewer, { customer });
  return given(made)?.token ?? '';
}

async function revoke(viewer = acme, idempotencyKey?: string): Promise<Date> {
  const input = { idempotencyKey };
  return given(await rooms.access.revokeCustomerTokens(viewer, input)).revokedAt;
}

/** What each of the processes says to a token. */
async function answersTo(token: string): Promise<string[]> {
  return Promise.all(
    processes.map(async ({ access }) => {
      const answer = await access.authenticate(`Bearer ${token}`);
      return 'refusal' in answer ? answer.message : 'let in';
    }),
  );
}

const ofAcme = () => ({ where: { organizationId: acme.organizationId } });
const everywhere = (answer: string) => [answer, answer, answer];
const hereOnly = [UNKNOWN_TOKEN, 'let in', 'let in'];

test('a revoked token is refused at once here, and within a second where it is known', async () => {
  const [token, theirs] = [await makeToken(), await makeToken(other)];
  expect(await answersTo(token)).toEqual(everywhere('let in'));
  rooms.clock.advance(SECOND_MS);
  expect(await answersTo(token)).toEqual(everywhere('let in'));
  expect(await revoke()).toEqual(rooms.clock.now());
  rooms.clock.advance(SECOND_MS - 1);
  expect(await answersTo(token)).toEqual(hereOnly);
  rooms.clock.advance(1);
  expect(await answersTo(token)).toEqual(everywhere(UNKNOWN_TOKEN));
  expect(await answersTo(theirs)).toEqual(everywhere('let in'));
});

test('a process that has signed before the revocation signs with another key after it', async () => {
  for (const at of [0, 1, 2]) await makeToken(acme, at);
  await revoke();
  for (const at of [2, 1, 0]) {
    expect(await answersTo(await makeToken(acme, at))).toEqual(everywhere('let in'));
  }
});

test('no revocation ends what was asked for after it, and none leaves what was there before', async () => {
  for (let round = 0; round < 15; round += 1) {
    // Otherwise it is the token of the round before, which was asked about and is believed.
    rooms.clock.advance(SECOND_MS);
    const before = await makeToken(acme, round);
    await Promise.all([revoke(), ...[0, 1, 2].map((at) => makeToken(acme, at))]);
    const after = await Promise.all([0, 1, 2, 3, 4, 5].map((at) => makeToken(acme, at)));
    expect(await answersTo(before)).toEqual(everywhere(UNKNOWN_TOKEN));
    for (const token of after) expect(await answersTo(token)).toEqual(everywhere('let in'));
    expect(await rooms.db.prisma.tokenSigningKey.count(ofAcme())).toBe(1);
  }
});

test('a first key that is being made while tokens are revoked does not outlive them', async () => {
  await revoke();
  await makeToken(other);
  const maker = new pg.Client({ connectionString: rooms.url });
  await maker.connect();
  await maker.query('BEGIN');
  await maker.query('SELECT 1 FROM organizations WHERE id = $1 FOR NO KEY UPDATE', [
    acme.organizationId,
  ]);
  await maker.query(
    `INSERT INTO token_signing_keys (id, organization_id, public_jwk, private_jwk, created_at)
      SELECT $1, $2, public_jwk, private_jwk, created_at FROM token_signing_keys LIMIT 1`,
    [newId('signingKey'), acme.organizationId],
  );
  const revoked = revoke();
  await untilAwaited(maker, 'FROM organizations');
  await maker.query('COMMIT');
  await maker.end();
  await revoked;
  expect(await rooms.db.prisma.tokenSigningKey.count(ofAcme())).toBe(0);
});

test('a repeat with its idempotency key leaves alone what was made since', async () => {
  const revokedAt = await revoke(acme, 'leaked');
  const token = await makeToken();
  rooms.clock.advance(5);
  expect(await revoke(acme, 'leaked')).toEqual(revokedAt);
  expect(await answersTo(token)).toEqual(everywhere('let in'));
  const outcome = await rooms.access.revokeCustomerTokens(acme, { idempotencyKey: '' });
  expect(issuesOf(outcome)).toEqual([expect.stringMatching(/^idempotencyKey /)]);
});

test('revoking where there is nothing to revoke is done, too', async () => {
  await revoke();
  expect(await revoke()).toEqual(rooms.clock.now());
});
