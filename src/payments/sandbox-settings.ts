import { randomBytes } from 'node:crypto';

/**
 * What a sandbox goes by: what was said, and what it signs its webhooks with, which is made once. That is kept with its settings and not
 * with secrets: it signs what only pretends to be money, and is there without a key to keep secrets with.
 */
export function sandboxSettings(
  given: Readonly<Record<string, string>>,
  before: unknown,
): Record<string, string> {
  const { webhookSecret } = (before ?? {}) as { webhookSecret?: string };
  return { ...given, webhookSecret: webhookSecret ?? randomBytes(32).toString('base64url') };
}
