import type { Plugin } from 'graphql-yoga';
import type { Subscribe } from './subscribe.ts';
import { executeBounded, tooWide } from './wide-variables.ts';

/**
 * Executes with graphql-js itself. Yoga's own executor answers fields in the order in which they were
 * resolved; the specification, and people who compare two answers, want the order of the query.
 */
export function referenceExecutor(subscribe: Subscribe): Plugin {
  return {
    onExecute: ({ setExecuteFn }) => setExecuteFn(executeBounded),
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(bounded(subscribe)),
  };
}

function bounded(subscribe: Subscribe): Subscribe {
  return async (args) => {
    const refused = tooWide(args.variableValues ?? {});
    return refused ? { errors: [refused] } : subscribe(args);
  };
}
