import type { Db } from '../infra/db.ts';
import type { Clock } from '../kit/clock.ts';
import { fromTypeId, type Id } from '../kit/ids.ts';
import { type Conflict, type Invalid, isRefusal, type NotFound, notFound } from '../kit/refusal.ts';
import { generateSecret } from './api-key.ts';
import { findKeyById, markRevoked, readAllKeys } from './key-store.ts';
import { storeKey } from './keys.ts';
import type { OrganizationEnsured, Organizations } from './organizations.ts';
import { checkedReach, type ReachInput } from './reach.ts';

export interface IssueKeyInput extends ReachInput {
  /** The organization's name; made when missing. */
  readonly organization: string;
  /** Null takes an existing one in whichever mode it is, and makes a new one in TEST. */
  readonly mode: 'LIVE' | 'TEST' | null;
}

export interface KeyIssued {
  readonly organization: OrganizationEnsured;
  readonly apiKeyId: Id<'apiKey'>;
  readonly secret: string;
}

/** What the person who runs the server does at its command line, without a credential. */
export interface Operator {
  issueKey(input: IssueKeyInput): Promise<KeyIssued | Invalid | Conflict>;
  /** Any organization's key, by TypeID. Running servers believe it for at most a second longer. */
  revokeAnyKey(id: string): Promise<{ readonly apiKeyId: Id<'apiKey'> } | NotFound>;
  listAllKeys(organizationName: string | null): ReturnType<typeof readAllKeys>;
}

export interface OperatorDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly organizations: Organizations;
}

export function createOperator({ db, clock, organizations }: OperatorDeps): Operator {
  return {
    async issueKey(input) {
      const reach = checkedReach(input);
      if (isRefusal(reach)) return reach;
      const organization = await organizations.ensureOrganization(input.organization, input.mode);
      if (isRefusal(organization)) return organization;
      const secret = generateSecret(reach.kind, organization.mode);
      const key = { organizationId: organization.id, name: input.name, ...reach };
      const apiKeyId = await db.transaction((tx) => storeKey(tx, clock, key, secret));
      return { organization, apiKeyId, secret };
    },

    revokeAnyKey: (given) =>
      db.transaction(async (tx) => {
        const id = fromTypeId('apiKey', given);
        const key = id && (await findKeyById(tx, id, {}));
        if (!id || !key) return notFound('id', 'ApiKey', given);
        await markRevoked(tx, id, clock.now());
        return { apiKeyId: id };
      }),

    listAllKeys: (organizationName) => readAllKeys(db, organizationName),
  };
}
