import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PROJECT } from '../../infra/project.ts';
import { type Asset, type Assets, createAssets } from './assets.ts';
import { readOperations } from './operations.ts';

export interface Graphiql {
  /** Answers `/graphiql` and what lies below it; false for a path that does not exist there. */
  serve(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean>;
}

/** Scripts in the order in which the browser runs them, by package and file. */
const PACKAGE_SCRIPTS = [
  ['react', 'umd/react.production.min.js'],
  ['react-dom', 'umd/react-dom.production.min.js'],
  ['graphql-ws', 'umd/graphql-ws.min.js'],
  ['graphiql', 'graphiql.min.js'],
] as const;
const SCRIPTS = ['react.js', 'react-dom.js', 'graphql-ws.js', 'graphiql.js', 'boot.js'];
const STYLES = ['graphiql.css', 'page.css'];

/** Everything comes from this server. Editors set styles of their own, so inline styles are let through. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * GraphiQL with the published operations as its tabs. Nothing is read before the first visit, and then
 * once; every file is served under its content's hash and never asked for again.
 */
export function createGraphiql({ operationsFolder }: { operationsFolder: string }): Graphiql {
  let loading: Promise<{ assets: Assets; page: string }> | null = null;

  function load() {
    loading ??= loadPage(operationsFolder).catch((error) => {
      loading = null;
      throw error;
    });
    return loading;
  }

  return {
    async serve(request, response, path) {
      const { assets, page } = await load();
      if (path !== '/graphiql' && path !== '/graphiql/')
        return assets.serve(request, response, path);
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-length': Buffer.byteLength(page),
        'cache-control': 'no-cache',
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
      response.end(request.method === 'HEAD' ? undefined : page);
      return true;
    },
  };
}

async function loadPage(operationsFolder: string): Promise<{ assets: Assets; page: string }> {
  const operations = await readOperations(operationsFolder);
  const assets = createAssets('/graphiql/assets', [
    ...(await packageAssets()),
    await ownAsset('boot.js'),
    await ownAsset('page.css'),
    { name: 'operations.json', content: Buffer.from(JSON.stringify(operations)) },
  ]);
  return { assets, page: render(assets) };
}

async function packageAssets(): Promise<Asset[]> {
  const scripts = PACKAGE_SCRIPTS.map(async ([name, file]) => ({
    name: `${name}.js`,
    content: await readFile(join(packageFolder(name), file)),
  }));
  const style = await readFile(join(packageFolder('graphiql'), 'graphiql.min.css'));
  return [...(await Promise.all(scripts)), { name: 'graphiql.css', content: style }];
}

/** The packages do not export these files, but all of them export their package.json. */
function packageFolder(name: string): string {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

async function ownAsset(name: string): Promise<Asset> {
  const file = new URL(`src/server/pages/graphiql-page/${name}`, PROJECT);
  return { name, content: await readFile(file) };
}

function render(assets: Assets): string {
  const styles = STYLES.map((name) => `<link rel="stylesheet" href="${assets.urlOf(name)}">`);
  const scripts = SCRIPTS.map((name) => `<script defer src="${assets.urlOf(name)}"></script>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Drawdown GraphiQL</title>
<link rel="icon" href="data:,">
${[...styles, ...scripts].join('\n')}
</head>
<body>
<div id="graphiql" data-operations="${assets.urlOf('operations.json')}"><p class="loading">Loading ...</p></div>
</body>
</html>
`;
}
