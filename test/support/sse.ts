export interface EventStream {
  /** The data of the next event; null when the stream has ended. */
  next(): Promise<object | null>;
  close(): Promise<void>;
}

/** An operation answered as server-sent events; a refusal of the whole request is its only one. */
export async function openEventStream(
  url: string,
  query: string,
  variables: object,
  key: string | null,
): Promise<EventStream> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(key && { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  let text = '';
  return {
    async next() {
      for (;;) {
        const event = /^event: next\ndata: (.*)\n\n/m.exec(text);
        if (event) {
          text = text.slice(event.index + event[0].length);
          return JSON.parse(event[1] ?? '');
        }
        const part = await reader?.read();
        if (!part || part.done) return isStream || text === '' ? null : JSON.parse(text);
        text += part.value;
      }
    },
    close: async () => reader?.cancel(),
  };
}
