/** Events of this type are requests to a language model. */
export const LLM_EVENT_TYPE = 'llm.request';

export type TokenKind =
  | 'input'
  | 'output'
  | 'cachedInput'
  | 'cacheWrite'
  | 'audioInput'
  | 'audioOutput'
  | 'reasoning';

/** A kind of token, and the metric that counts it: the sum of one property of `llm.request` events. */
export interface TokenKindMetric {
  readonly kind: TokenKind;
  readonly label: string;
  readonly metric: string;
  readonly property: string;
}

/**
 * The kinds are exclusive: a token is counted in exactly one property. `input_tokens` leaves out what was
 * read from a cache, written to one, or was audio; `output_tokens` leaves out reasoning and audio.
 * Providers report totals that include the special kinds: subtract them before sending.
 */
export const TOKEN_KINDS: readonly TokenKindMetric[] = [
  { kind: 'input', label: 'input', metric: 'llm_input_tokens', property: 'input_tokens' },
  { kind: 'output', label: 'output', metric: 'llm_output_tokens', property: 'output_tokens' },
  {
    kind: 'cachedInput',
    label: 'cached input',
    metric: 'llm_cached_input_tokens',
    property: 'cached_input_tokens',
  },
  {
    kind: 'cacheWrite',
    label: 'cache write',
    metric: 'llm_cache_write_tokens',
    property: 'cache_write_tokens',
  },
  {
    kind: 'audioInput',
    label: 'audio input',
    metric: 'llm_audio_input_tokens',
    property: 'audio_input_tokens',
  },
  {
    kind: 'audioOutput',
    label: 'audio output',
    metric: 'llm_audio_output_tokens',
    property: 'audio_output_tokens',
  },
  {
    kind: 'reasoning',
    label: 'reasoning',
    metric: 'llm_reasoning_tokens',
    property: 'reasoning_tokens',
  },
];
