import { posix } from 'node:path';
import { lineOf, readSource, type SourceFile, type SourceText } from './source-text.ts';

interface WordRule {
  readonly word: RegExp;
  /** Where the word is looked for: a word in a string is data. */
  readonly within: keyof SourceText;
  readonly appliesTo: (path: string) => boolean;
  /** What is wrong and how to repair it, without the final stop. */
  readonly advice: (word: string) => string;
}

const MAX_LINES = 300;
const CODE = /\.(?:ts|tsx|js|mjs)$/;
const NAMED = /\.(?:ts|tsx|js|mjs|css|graphql|sql|json)$/;
const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;

/** Rooms whose every instant is a customer's: by its test clock, or by the server's. */
const GOES_BY_CUSTOMERS =
  /^src\/(?:usage|metering|entitlements|subscriptions|customers|ledger|alerts|clocks)\//;

const everywhere = () => true;
const isOurServer = (path: string) => /^(?:src|schema)\//.test(path);
const isTest = (path: string) => path.endsWith('.test.ts');
/** A tool that reads its configuration from the project's root wants a default export. */
const isConfigFile = (path: string) => !path.includes('/');

const WORD_RULES: readonly WordRule[] = [
  {
    word: /\bprocess\s*\??\.\s*env\b|\bprocess\s*\[|\{[^{}]*\benv\b[^{}]*\}\s*(?:=\s*process\b|from\b)/g,
    within: 'code',
    appliesTo: (path) => isOurServer(path) && path !== 'src/config.ts',
    advice: () =>
      'the environment is read in src/config.ts only, so add a field there and take it as an argument',
  },
  {
    word: /\bDate\.now\b|\bnew\s+Date\b/g,
    within: 'code',
    appliesTo: (path) => isOurServer(path) && path !== 'src/kit/clock.ts',
    advice: (word) =>
      `${word} appears in src/kit/clock.ts only, so take a Clock as an argument, or use a function of that file`,
  },
  {
    word: /(?<![.\w])(?:now|clock_timestamp|transaction_timestamp|statement_timestamp)\(\)|\bcurrent_timestamp\b/gi,
    within: 'source',
    appliesTo: (path) => GOES_BY_CUSTOMERS.test(path),
    advice: (word) =>
      `${word} is the time of the database, which no customer goes by, so hand the statement an instant`,
  },
  {
    word: /\b(?:TODO|FIXME|XXX)\b/g,
    within: 'comments',
    appliesTo: everywhere,
    advice: (word) => `do what this ${word} says, or write it into the plan instead`,
  },
  {
    word: /\.(?:only|skip|todo|skipIf|runIf)(?=\s*[(.`])|\b(?:fit|xit|xtest|fdescribe|xdescribe)(?=\s*\()/g,
    within: 'code',
    appliesTo: isTest,
    advice: (word) =>
      `every test runs and passes, so take ${word} away and repair or delete the test`,
  },
  {
    word: /\bexport\s+default\b|\bas\s+default\b(?=[^;]*\})/g,
    within: 'code',
    appliesTo: (path) => !isConfigFile(path),
    advice: () => 'a default export has no name of its own, so export it by the name of the file',
  },
  {
    word: /\bas\s+any\b|<any>/g,
    within: 'code',
    appliesTo: everywhere,
    advice: (word) =>
      `"${word}" switches the types off, so name the type, or use unknown and check it`,
  },
  {
    word: /@ts-(?:ignore|nocheck)\b/g,
    within: 'comments',
    appliesTo: everywhere,
    advice: (word) => `${word} hides errors to come, so repair the type that is wrong`,
  },
  {
    word: /\b(?:type|interface|class)\s+(?:New[A-Z]\w*|\w+New)\b(?=\s*[<={]|\s+(?:extends|implements)\b)|\b(?:type|interface|class|function|const|let)\s+\w+V[23]\b/g,
    within: 'code',
    appliesTo: everywhere,
    advice: (word) =>
      `"${word}" is named after its age, so name it after what it is and delete the old one`,
  },
];

/** The words that are banned, or that belong to one place. */
export function checkWords(file: SourceFile): string[] {
  if (!CODE.test(file.path)) return [];
  const text = readSource(file.source);
  return WORD_RULES.filter((rule) => rule.appliesTo(file.path)).flatMap((rule) =>
    [...text[rule.within].matchAll(rule.word)].map(
      ({ 0: word, index }) =>
        `${file.path}:${lineOf(file.source, index)}: ${rule.advice(word.replace(/^\./, ''))}.`,
    ),
  );
}

/** Names and sizes. */
export function checkShape({ path, source }: SourceFile): string[] {
  const name = posix.basename(path);
  const violations: string[] = [];
  if (NAMED.test(path) && !KEBAB.test(name)) {
    violations.push(`${path}: rename it in kebab-case, such as burn-down.ts.`);
  }
  if (/(?:^new-|-(?:new|v2|v3)\.)/.test(name)) {
    violations.push(`${path}: it is named after its age, so name it after what it is.`);
  }
  if (path.startsWith('src/') && /^index\.[a-z]+$/.test(name)) {
    violations.push(`${path}: src/ has no index files, so name it after the one thing it exports.`);
  }
  const lines = source.replace(/\n$/, '').split('\n').length;
  if (CODE.test(path) && lines > MAX_LINES) {
    violations.push(
      `${path}: it has ${lines} lines, so split it by verb until each part has at most ${MAX_LINES}.`,
    );
  }
  return violations;
}
