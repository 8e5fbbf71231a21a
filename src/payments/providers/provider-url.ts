import { ProviderError } from '../provider.ts';

const URL_MAX = 2048;

/** What is wrong with the address of a provider, as far as it can be said before it is asked; null when nothing is. */
export function urlProblem(value: string): string | null {
  const isUrl = value.length <= URL_MAX && URL.canParse(value);
  if (!isUrl || !/^https?:$/.test(new URL(value).protocol)) {
    return 'Must be a URL such as https://pay.example.com/v1.';
  }
  const { hash } = new URL(value);
  return hash === '' ? null : 'Must not have a fragment ("#").';
}

/** An address as it was configured. Without TLS only where that is allowed: what is sent there is a secret. */
export function readProviderUrl(value: string, allowPrivate: boolean): URL {
  const url = new URL(value);
  if (url.protocol === 'https:' || allowPrivate) return url;
  throw new ProviderError('BAD_CONFIG', 'The address must start with https://.', false);
}
