import { posix } from 'node:path';
import { lineOf, readSource, type SourceFile } from './source-text.ts';

/** The rooms in the order of the corridor: a room sees the rooms after it, and none of its own rank. */
const CORRIDOR = [
  ['simulation'],
  ['usage'],
  ['entitlements'],
  ['payments'],
  ['subscriptions'],
  ['customers', 'catalog'],
  ['rating'],
  ['alerts'],
  ['ledger', 'metering'],
  ['clocks'],
  ['live'],
];

/** Rooms beside the corridor: they read the log, and nobody in the corridor knows them. */
const BESIDE = ['webhooks', 'mail'];
const ROOMS = [...CORRIDOR.flat(), ...BESIDE];
const CELLAR = ['infra', 'kit'];
/** All of `access` is open to the wiring; the rooms read only who asks and what they may do. */
const VISITING_CARD = ['src/access/viewer.ts', 'src/access/scopes.ts'];
const WIRING = [...ROOMS, 'access', ...CELLAR, 'services'];

/** What each place may import besides its own files. */
const SEES: Readonly<Record<string, readonly string[]>> = {
  main: [...WIRING, 'config', 'schema', 'server', 'worker'],
  cli: [...WIRING, 'config', 'schema', 'server', 'worker', 'main', 'laws', 'sdk'],
  // The SDK runs in somebody else's server, and knows ours by its API.
  sdk: ['kit'],
  server: [...WIRING, 'config', 'schema'],
  worker: [...WIRING, 'config'],
  schema: WIRING,
  services: [...ROOMS, 'access', ...CELLAR],
  // The laws audit what the rooms stored, and only the command that checks them calls them.
  laws: [...ROOMS, 'access', ...CELLAR],
  config: CELLAR,
  access: CELLAR,
  infra: ['kit'],
  kit: [],
  ...Object.fromEntries(ROOMS.map((room) => [room, [...roomsAfter(room), ...CELLAR]])),
  ...Object.fromEntries(BESIDE.map((room) => [room, ['live', ...CELLAR]])),
  // Rating is pure: what it costs depends on nothing that has to be read.
  rating: ['kit'],
};

export interface Import {
  readonly specifier: string;
  readonly line: number;
}

const IMPORT =
  /\b(?:import|export)\b[^'"`;()=]*?\bfrom\s*(['"])( +)\1|\b(?:import|require)\s*\(?\s*(['"])( +)\3/dg;

/** Every module that a file names: imports, re-exports, side effects, `import()` and `require()`. */
export function importsOf({ source }: SourceFile): Import[] {
  const { code } = readSource(source);
  return [...code.matchAll(IMPORT)].map((match) => {
    const [start, end] = match.indices?.[2] ?? match.indices?.[4] ?? [0, 0];
    return { specifier: source.slice(start, end), line: lineOf(source, start) };
  });
}

/** The dependency rule, and who may hold which package. */
export function checkImports(file: SourceFile): string[] {
  if (!/^(?:src|schema)\//.test(file.path)) return [];
  const from = placeOf(file.path);
  if (from !== null && SEES[from] === undefined) {
    return [
      `${file.path}: the folder ${from} has no place in the house, so give it one in test/support/house-imports.ts.`,
    ];
  }
  return importsOf(file).flatMap(({ specifier, line }) => {
    const at = `${file.path}:${line}`;
    if (specifier.startsWith('.')) return checkOwn(file.path, from, specifier, at);
    return checkPackage(file.path, specifier, at);
  });
}

function checkOwn(path: string, from: string | null, specifier: string, at: string): string[] {
  const target = posix.join(posix.dirname(path), specifier);
  if (target.startsWith('prisma/generated/')) return checkPrisma(path, at);
  const to = placeOf(target);
  if (to === null) {
    if (!/^(?:test|bench|client|web)\//.test(target)) return [];
    return [`${at}: ${target} is not part of the product, so move what you need from it to src/.`];
  }
  if (from === to || from === null || SEES[from]?.includes(to)) return [];
  if (to === 'access' && ROOMS.includes(from) && from !== 'rating') return checkAccess(target, at);
  if (to === 'schema') {
    return [
      `${at}: only src/main.ts, src/server and src/cli import schema/, so move what you need from ${target} down into src/.`,
    ];
  }
  return [
    `${at}: ${from} must not see ${to}, so let the caller hand over what you need from ${target}, or move it to a place that ${from} sees (${sightOf(from)}).`,
  ];
}

function checkAccess(target: string, at: string): string[] {
  if (VISITING_CARD.includes(target)) return [];
  return [
    `${at}: of access a room sees only ${VISITING_CARD.join(' and ')}, so let the caller hand over what you need from ${target}.`,
  ];
}

function checkPackage(path: string, specifier: string, at: string): string[] {
  if (specifier.startsWith('@pothos/') && !path.startsWith('schema/')) {
    return [`${at}: ${specifier} belongs to schema/, so move what builds the graph there.`];
  }
  if (specifier === 'ioredis' && path !== 'src/infra/redis.ts' && !path.startsWith('src/live/')) {
    return [`${at}: ioredis belongs to src/infra/redis.ts and src/live/, so use the bus instead.`];
  }
  if (specifier === 'nodemailer' && path !== 'src/infra/mailer.ts') {
    return [`${at}: nodemailer belongs to src/infra/mailer.ts, so take a SendMail instead.`];
  }
  if (/^@prisma\/(?:client|adapter-pg)(?:\/|$)/.test(specifier)) return checkPrisma(path, at);
  return [];
}

function checkPrisma(path: string, at: string): string[] {
  const [, place = '', name = ''] = /^src\/([^/]+)\/(?:.*\/)?([^/]+)$/.exec(path) ?? [];
  const isStore = name === 'store.ts' || name.endsWith('-store.ts');
  if (isStore && [...ROOMS, 'access'].includes(place) && place !== 'rating') return [];
  if (path === 'src/infra/db.ts' || path === 'schema/builder.ts') return [];
  return [
    `${at}: the Prisma client belongs to src/infra/db.ts, the rooms' stores and schema/builder.ts, so put the query into the room's store.ts and call that.`,
  ];
}

/** The room or layer of a file of ours; null for files that are neither. */
function placeOf(path: string): string | null {
  if (path.startsWith('schema/')) return 'schema';
  return /^src\/([^/]+?)(?:\.ts)?(?:\/|$)/.exec(path)?.[1] ?? null;
}

function sightOf(place: string): string {
  return SEES[place]?.join(', ') || 'nothing of ours';
}

function roomsAfter(room: string): string[] {
  const rank = CORRIDOR.findIndex((rooms) => rooms.includes(room));
  return CORRIDOR.slice(rank + 1).flat();
}
