import { isIP } from 'node:net';
import type { Checker } from '../kit/check.ts';
import { isPublicAddress } from '../kit/public-address.ts';

/** Where webhooks may go. */
export interface DestinationPolicy {
  /** For development: any address and port, and without TLS. */
  readonly allowPrivate: boolean;
  readonly ports: readonly number[];
}

const URL_MAX = 2048;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/** What is wrong with a URL as such; what its host stands for is looked up before each request. */
export function destinationProblem(url: URL, policy: DestinationPolicy): string | null {
  if (url.protocol !== 'https:' && !(policy.allowPrivate && url.protocol === 'http:')) {
    return 'Must start with https://, unless DRAWDOWN_WEBHOOK_ALLOW_PRIVATE is set, for development.';
  }
  if (url.username !== '' || url.password !== '') {
    return 'Must not hold a user name or password: what is sent is signed.';
  }
  if (policy.allowPrivate) return null;
  if (!policy.ports.includes(portOf(url))) {
    return `The port must be one of ${policy.ports.join(', ')}.`;
  }
  const host = hostOf(url);
  const isOurs = isIP(host) !== 0 ? !isPublicAddress(host) : /(^|\.)localhost\.?$/i.test(host);
  return isOurs ? 'The host must be on the public internet.' : null;
}

/** Reads a URL of an input; notes what is wrong with it. The text is as it will be requested. */
export function readDestination(
  check: Checker,
  path: string,
  raw: string,
  policy: DestinationPolicy,
) {
  const text = check.text(path, raw, URL_MAX);
  if (text.length === 0 || text.length > URL_MAX) return text;
  if (!URL.canParse(text)) {
    check.note(path, 'BAD_FORMAT', 'Must be a URL such as https://example.com/webhooks.');
    return text;
  }
  const url = new URL(text);
  url.hash = '';
  const problem = destinationProblem(url, policy);
  if (problem) check.note(path, 'NOT_ALLOWED', problem);
  return url.href;
}

/** The name or address of the host, IPv6 without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function portOf(url: URL): number {
  return url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port);
}
