import { processRegularResult } from 'graphql-yoga';
import type { GraphqlYoga } from '../graphql/yoga.ts';
import type { SendErrors } from './direct-http.ts';

/** As Yoga answers, whose rules say which status the errors come to. */
export function createSendErrors({ fetchAPI }: GraphqlYoga): SendErrors {
  return async (result, mediaType, response) => {
    const made = processRegularResult(result, fetchAPI, mediaType);
    const text = await made.text();
    if (response.destroyed) return;
    response.writeHead(made.status, Object.fromEntries(made.headers));
    response.end(text);
  };
}
