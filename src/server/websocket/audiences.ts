import { type DocumentNode, type ExecutionResult, getOperationAST } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { type Viewer, viewKey } from '../../access/viewer.ts';
import { canonicalJson, sha256Hex } from '../../kit/canonical.ts';
import { outageIn } from '../graphql/event-executor.ts';

/** What one event came to: its text for everybody, or a result that is for one subscriber alone. */
export type Outcome = string | ExecutionResult;

/** Subscribers who ask for the same and are shown the same. */
export interface Audience {
  /** What was made of this event for another one of them; null when each has to make it. */
  find(event: unknown): string | Promise<string | null> | null;
  /**
   * Executes for this event, and keeps what may be shared. Nothing is kept of an outage: the next one to try
   * does so for all.
   */
  make(
    event: unknown,
    execute: () => ExecutionResult | Promise<ExecutionResult>,
  ): Outcome | Promise<Outcome>;
  leave(): void;
}

/** All that the result of an event may depend on, but for the event. */
export interface Question {
  readonly viewer: Viewer | null;
  readonly payload: SubscribePayload;
  /** Of the payload's query. */
  readonly document: DocumentNode;
}

export interface Audiences {
  /** To be left once for each time it was joined. */
  join(question: Question): Audience;
  /** How many there are. */
  size(): number;
}

interface Made {
  readonly startedMs: number;
  /** Null when it is for nobody else. */
  readonly text: string | Promise<string | null> | null;
}

interface Group {
  members: number;
  readonly made: WeakMap<object, Made>;
}

/**
 * For how long a result is given to others, in milliseconds: what it shows beside the event, which is read
 * when it is made, is no older.
 */
const FRESH_MS = 1_000;

/**
 * Executes and serializes once for all subscribers of a kind. The source hands the same object to all of
 * them, and that is what a result is remembered by: an event that looks the same is another event. A
 * result with errors is never shared, because each caller is told its own request id.
 */
export function createAudiences(nowMs: () => number = () => performance.now()): Audiences {
  const groups = new Map<string, Group>();

  return {
    join(question) {
      const key = keyOf(question);
      const group = groups.get(key) ?? { members: 0, made: new WeakMap() };
      groups.set(key, group);
      group.members += 1;
      return {
        find: (event) => find(group, event, nowMs),
        make: (event, execute) => make(group, event, execute, nowMs()),
        leave() {
          group.members -= 1;
          if (group.members === 0) groups.delete(key);
        },
      };
    },
    size: () => groups.size,
  };
}

/** A digest, so that little is kept of a long document. */
function keyOf({ viewer, payload, document }: Question): string {
  const view = viewer && viewKey(viewer);
  const { query, operationName = null } = payload;
  return sha256Hex(
    canonicalJson([view, query, operationName, declaredVariables(payload, document)]),
  );
}

/** The others reach nobody, and may be anything. */
function declaredVariables({ operationName, variables }: SubscribePayload, document: DocumentNode) {
  const declared = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  const names = declared.map(({ variable }) => variable.name.value);
  return Object.fromEntries(
    names.flatMap((name) =>
      variables && Object.hasOwn(variables, name) ? [[name, variables[name]]] : [],
    ),
  );
}

function find(
  group: Group,
  event: unknown,
  nowMs: () => number,
): string | Promise<string | null> | null {
  if (group.members < 2 || !isObject(event)) return null;
  const made = group.made.get(event);
  return made && nowMs() - made.startedMs < FRESH_MS ? made.text : null;
}

function make(
  group: Group,
  event: unknown,
  execute: () => ExecutionResult | Promise<ExecutionResult>,
  startedMs: number,
): Outcome | Promise<Outcome> {
  const result = execute();
  if (!(result instanceof Promise)) {
    const outcome = outcomeOf(result);
    if (!isOutageOf(outcome)) keep(group, event, { startedMs, text: textOf(outcome) });
    return outcome;
  }
  const outcome = result.then(outcomeOf);
  // Whoever comes after one whose result was not for all does not wait for another of the kind.
  if (group.members > 1 && !isForNobodyElse(group, event)) share(group, event, startedMs, outcome);
  return outcome;
}

/** Lets others wait for it. */
function share(group: Group, event: unknown, startedMs: number, outcome: Promise<Outcome>): void {
  const text = outcome.then(textOf, () => null);
  const making = { startedMs, text };
  keep(group, event, making);
  outcome.then(
    (it) =>
      isOutageOf(it)
        ? drop(group, event, making)
        : keep(group, event, { startedMs, text: textOf(it) }),
    () => keep(group, event, { startedMs, text: null }),
  );
}

function keep(group: Group, event: unknown, made: Made): void {
  if (group.members > 1 && isObject(event)) group.made.set(event, made);
}

/** Unless somebody has begun anew meanwhile. */
function drop(group: Group, event: unknown, made: Made): void {
  if (isObject(event) && group.made.get(event) === made) group.made.delete(event);
}

function isOutageOf(outcome: Outcome): boolean {
  return typeof outcome !== 'string' && outageIn(outcome) !== undefined;
}

function isForNobodyElse(group: Group, event: unknown): boolean {
  return isObject(event) && group.made.get(event)?.text === null;
}

function outcomeOf(result: ExecutionResult): Outcome {
  return result.errors ? result : JSON.stringify(result);
}

function textOf(outcome: Outcome): string | null {
  return typeof outcome === 'string' ? outcome : null;
}

function isObject(event: unknown): event is object {
  return typeof event === 'object' && event !== null;
}
