/** Text that names nothing that is there already: it is kept, or it is matched with what is the caller's. */
export const NAMES_NOTHING: ReadonlySet<string> = new Set([
  'AdjustBalanceInput.transactionId',
  'CreateAlertRuleInput.emails',
  'UpdateAlertRuleInput.emails',
  'CreateApiKeyInput.name',
  'CreateApiKeyInput.scopes',
  'CreateAssetInput.code',
  'CreateBillableMetricInput.code',
  'CreateBillableMetricInput.eventType',
  'CreateBillableMetricInput.property',
  'CreateCustomerInput.externalId',
  'CreateFeatureInput.code',
  'CreateCustomerTokenInput.scopes',
  'CreateWebhookEndpointInput.url',
  'UpdateWebhookEndpointInput.url',
  // The code of a card that is not there makes one; by id it must be there.
  'CreatePriceInput.rateCard',
  'ImportRatesInput.rateCard',
  // Names of properties of events.
  'CreatePriceInput.property',
  'ImportRateInput.property',
  'PlanPriceInput.property',
  'OpenWalletInput.name',
  'SavePlanDraftInput.code',
  'SaveCreditPackInput.code',
  'PlanPriceInput.property',
  // Names of the parts of a plan.
  'PlanFeeInput.code',
  'PlanCreditsInput.code',
  'PlanAddOnInput.code',
  // Of a plan that was found already.
  'CreateSubscriptionInput.addOns',
  'ChangePlanInput.addOns',
  'SubscriptionChangeInput.addOns',
  'UpdateAddOnsInput.addOns',
  'CreateSubscriptionInput.timeZone',
  'PlanSubscription.periods(after)',
  'PlanSubscription.periods(before)',
  'PropertyFilterInput.property',
  'PropertyFilterInput.equals',
  'PropertyFilterInput.in',
  'UsageEventInput.eventId',
  'UsageEventInput.subject',
  'CapturedEventInput.eventId',
  'CapturedEventInput.subject',
  // Places among the captures of a hold that was found already.
  'Hold.captures(after)',
  'Hold.captures(before)',
  'ConsumedEventInput.subject',
  'CanConsumeInput.subject',
  'ConsumptionInput.subject',
  // Places in the caller's own log.
  'Query.events(after)',
  'Query.events(before)',
  'Subscription.events(after)',
  // Filters of a customer that was found already.
  'Subscription.usageRecorded(subject)',
  'Subscription.usageRecorded(type)',
  // Sequence numbers within a wallet that was found already.
  'Wallet.entries(after)',
  'Wallet.entries(before)',
  'CreditGrant.entries(after)',
  'CreditGrant.entries(before)',
]);

/** The same in every input. */
export const FREE_NAMES = /\.(?:name|email|description|idempotencyKey|walletName)$/;
