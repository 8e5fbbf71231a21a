import { ProviderError } from '../provider.ts';

/** Something that a kind of provider never does, whoever asks. */
export function notSupported(message: string): ProviderError {
  return new ProviderError('NOT_SUPPORTED', message, false);
}
