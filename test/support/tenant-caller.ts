import type { TestApi } from './api.ts';
import { documentsOf, type Place } from './graph-documents.ts';
import { settledLog } from './settled-log.ts';
import { openEventStream } from './sse.ts';
import { stirLogs } from './stored-organization.ts';
import type { World } from './tenant-cursors.ts';
import { type Form, Reference } from './tenant-reference.ts';

/** A call with one reference turned to another world, and the text that names what is there. */
export interface Trespass {
  /** `Mutation.grantCredit input.customer by code`. */
  readonly title: string;
  readonly theirs: object;
  readonly nobodys: object;
  readonly theirName: string;
  readonly nobodysName: string;
}

/** The variables of a call in a world; `instead` may name something else for the reference at a path. */
export function resolveCall(
  call: unknown,
  world: World,
  instead: (path: string, reference: Reference) => { world: World; form: Form } | null = () => null,
  path = '',
): unknown {
  if (call instanceof Reference) {
    const other = instead(path, call);
    const form = other?.form ?? call.forms[0] ?? 'id';
    const name = (other?.world ?? world)[call.thing][form];
    if (!call.isCustomerRef) return name;
    return form === 'id' ? { id: name } : { externalId: name };
  }
  if (Array.isArray(call)) {
    return call.map((item, index) => resolveCall(item, world, instead, `${path}.${index}`));
  }
  if (typeof call !== 'object' || call === null) return call;
  return Object.fromEntries(
    Object.entries(call).map(([name, value]) => [
      name,
      resolveCall(value, world, instead, path ? `${path}.${name}` : name),
    ]),
  );
}

/** Every way to turn one reference of a call, in each of its forms, to somebody else's thing. */
export function trespassesOf(
  place: Place,
  call: object,
  worlds: { readonly own: World; readonly theirs: World; readonly nobodys: World },
): Trespass[] {
  const { own, theirs, nobodys } = worlds;
  const references: [string, Reference][] = [];
  resolveCall(call, own, (path, reference) => {
    references.push([path, reference]);
    return null;
  });
  return references.flatMap(([at, { thing, forms }]) =>
    forms
      .filter((form) => theirs[thing][form] !== own[thing][form])
      .map((form) => {
        const turnedTo = (world: World) =>
          resolveCall(call, own, (path) => (path === at ? { world, form } : null)) as object;
        return {
          title: `${place.name} ${at} of ${thing} by ${form}`,
          theirs: turnedTo(theirs),
          nobodys: turnedTo(nobodys),
          theirName: theirs[thing][form],
          nobodysName: nobodys[thing][form],
        };
      }),
  );
}

/** Everything that names something in a world, and is not the same in `others`. */
export function namesIn(world: World, ...others: World[]): string[] {
  const all = (one: World) =>
    Object.values(one).flatMap(({ id, code }) => [id, code].filter((name) => name !== ''));
  const shared = new Set(others.flatMap(all));
  return all(world).filter((name) => !shared.has(name));
}

/** What is answered to a call, without what differs from request to request. */
export async function answerTo(
  api: TestApi,
  place: Place,
  variables: object,
  key: string | null,
  depth = 2,
): Promise<string> {
  const answers: string[] = [];
  for (const document of documentsOf(place, depth)) {
    answers.push(await answerToDocument(api, place, document, variables, key));
  }
  return answers.join('\n');
}

/** For its size or its form: such a document would say nothing of anybody, and prove nothing. */
export class DocumentRefused extends Error {}

async function answerToDocument(
  api: TestApi,
  place: Place,
  document: string,
  variables: object,
  key: string | null,
): Promise<string> {
  if (TAILS.has(place.name)) return firstOfTail(api, document, variables, key);
  if (place.kind === 'subscription') return firstEvent(api.url, document, variables, key);
  const { data, errors } = await api.ask(document, variables, key);
  const malformed = errors?.find((error) => error.path === undefined);
  if (malformed) throw new DocumentRefused(`${place.name}: ${malformed.message}`);
  return textOf({ data, errors });
}

export function textOf(answer: object): string {
  return JSON.stringify(answer)
    .replace(/"requestId":"[^"]*"/g, '"requestId":""')
    .replace(/"asOf":"[^"]*"/g, '"asOf":""');
}

/** Subscriptions that say nothing until something happens. */
export const TAILS: ReadonlySet<string> = new Set([
  'Subscription.alertRaised',
  'Subscription.events',
  'Subscription.usageRecorded',
]);

/** The stream is answered once it has begun; from then on something happens in all worlds. */
async function firstOfTail(api: TestApi, query: string, variables: object, key: string | null) {
  const stream = await openEventStream(api.url, query, variables, key);
  await stirLogs(api.databaseUrl);
  await settledLog(api.databaseUrl, api.services.sequencer.pass);
  const answer = await stream.next();
  await stream.close();
  if (answer === null) throw new Error('A subscription ended without a word.');
  return textOf(answer);
}

/** The first thing that a subscription says. */
async function firstEvent(url: string, query: string, variables: object, key: string | null) {
  const stream = await openEventStream(url, query, variables, key);
  const answer = await stream.next();
  await stream.close();
  if (answer === null) throw new Error('A subscription ended without a word.');
  return textOf(answer);
}
