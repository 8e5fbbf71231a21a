import type { Db } from '../infra/db.ts';
import type { Clock } from '../kit/clock.ts';
import { type Authenticator, createAuthenticator } from './authenticate.ts';
import { type Bootstrapped, bootstrap } from './bootstrap.ts';
import {
  type CustomerTokens,
  createCustomerTokens,
  type ResolveCustomer,
} from './customer-tokens.ts';
import { findLiveKeys, readKey, readKeys } from './key-store.ts';
import { createKeys, type Keys } from './keys.ts';
import { createOperator, type Operator } from './operator.ts';
import { readOrganization } from './organization-store.ts';
import { createOrganizations, type Equip, type Organizations } from './organizations.ts';
import { createTokenRevocation, type TokenRevocation } from './revoke-tokens.ts';
import { createSigningKeys } from './signing-keys.ts';
import type { FindLiveKeys, Viewer } from './viewer.ts';

export interface AccessDeps {
  readonly db: Db;
  readonly clock: Clock;
  /** Of the customers' room: whom a token is made for. */
  readonly resolveCustomer: ResolveCustomer;
  /** Gives an organization that is being made what every one begins with. */
  readonly equip: Equip;
  /** The secret key that the operator chose for the first organization; null for none. */
  readonly bootstrapKey?: string | null;
  /** Told of what failed beside a request, such as noting when a key was used. */
  readonly onFault?: (error: unknown) => void;
}

/** Who may come in, and as whom: keys, customer tokens, organizations. */
export interface Access
  extends Keys,
    Organizations,
    Operator,
    TokenRevocation,
    Pick<CustomerTokens, 'createCustomerToken'> {
  readonly authenticate: Authenticator['authenticate'];
  /** Asks the database each time: for those who were let in long ago. */
  readonly findLiveKeys: FindLiveKeys;
  /**
   * Resolves once the times of use noted so far are written; await it before closing the database.
   */
  readonly settled: Authenticator['settled'];
  bootstrap(): Promise<Bootstrapped>;
  readOrganization(viewer: Viewer, query?: object): ReturnType<typeof readOrganization>;
  readApiKey(viewer: Viewer, apiKeyId: string, query?: object): ReturnType<typeof readKey>;
  listApiKeys(viewer: Viewer, query: object): ReturnType<typeof readKeys>;
}

export function createAccess(deps: AccessDeps): Access {
  const {
    db,
    clock,
    resolveCustomer,
    equip,
    bootstrapKey = null,
    onFault = () => undefined,
  } = deps;
  const signingKeys = createSigningKeys({ db, clock });
  const tokens = createCustomerTokens({ db, clock, signingKeys, resolveCustomer });
  const authenticator = createAuthenticator({ db, clock, tokens, bootstrapKey, onFault });
  const organizations = createOrganizations({ db, clock, equip });

  return {
    ...createKeys({ db, clock, forgetKeys: authenticator.forgetKeys }),
    ...organizations,
    ...createOperator({ db, clock, organizations }),
    ...createTokenRevocation({ db, clock, forgetTokens: authenticator.forgetTokens }),
    createCustomerToken: tokens.createCustomerToken,
    authenticate: authenticator.authenticate,
    findLiveKeys: (keyIds) => findLiveKeys(db.direct, keyIds, clock.now()),
    settled: authenticator.settled,
    bootstrap: () => bootstrap({ db, clock, equip }, bootstrapKey),
    readOrganization: (viewer, query = {}) => readOrganization(db, viewer, query),
    readApiKey: (viewer, apiKeyId, query = {}) => readKey(db, viewer, apiKeyId, query),
    listApiKeys: (viewer, query) => readKeys(db, viewer, query),
  };
}
