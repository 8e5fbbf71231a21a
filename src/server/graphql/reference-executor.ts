import { execute } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Subscribe } from './subscribe.ts';

/**
 * Executes with graphql-js itself. Yoga's own executor answers fields in the order in which they were
 * resolved; the specification, and people who compare two answers, want the order of the query.
 */
export function referenceExecutor(subscribe: Subscribe): Plugin {
  return {
    onExecute: ({ setExecuteFn }) => setExecuteFn(execute),
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribe),
  };
}
