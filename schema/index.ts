import './scalars.ts';
import './errors.ts';
import './node.ts';
import './organization.ts';
import './api-key.ts';
import './customer.ts';
import './customer-token.ts';
import './asset.ts';
import './billable-metric.ts';
import './rate-card.ts';
import './price.ts';
import './rate.ts';
import './rate-import.ts';
import './wallet.ts';
import './grant.ts';
import './adjustment.ts';
import './ledger-entry.ts';
import './charge.ts';
import './usage.ts';
import './alert-rule.ts';
import './alert-rule-changes.ts';
import './alert.ts';
import { builder } from './builder.ts';
import { boundPages } from './connections.ts';
import { guardMutations } from './mutation-scopes.ts';
import { quickInputs } from './quick-inputs.ts';

/** The graph. Importing it opens no connection and reads no environment. */
export const schema = quickInputs(guardMutations(boundPages(builder.toSchema())));
