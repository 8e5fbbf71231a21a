import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from '../respond.ts';

/** What a visitor finds where, in the order in which it is of use. */
const PLACES = {
  '/graphiql':
    'Try it: the published operations as tabs, and the whole graph with its descriptions.',
  '/graphql':
    'The API: GraphQL over HTTP, Server-Sent Events and WebSocket. A browser is led to GraphiQL.',
  '/livez': 'Whether the process is alive.',
  '/readyz': 'Whether it can serve: its database, and whether changes reach it at once.',
  '/metrics': 'Measurements for Prometheus.',
} as const;

const CREDENTIAL =
  'Send "Authorization: Bearer <key or customer token>". The first start printed the first key; `npx drawdown keys create --organization Default`, on its machine, makes another one.';

/** There is no script and nothing to load; the style stands in the page. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE = render();

/** Says what is where: to a browser as a page, to anything else as JSON. */
export function answerFront(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('vary', 'accept');
  if (wantsHtml(request)) sendPage(response);
  else sendJson(response, 200, { name: 'Drawdown', credential: CREDENTIAL, places: PLACES });
}

/** Browsers name it when somebody follows a link; no client of the API does. */
export function wantsHtml({ headers }: IncomingMessage): boolean {
  return /\btext\/html\b/i.test(headers.accept ?? '');
}

/** To HEAD the server sends the headers only, whatever the body is. */
function sendPage(response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(PAGE),
    'cache-control': 'no-cache',
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(PAGE);
}

function render(): string {
  const places = Object.entries(PLACES).map(
    ([path, text]) => `<dt><a href="${path}">${path}</a></dt><dd>${text}</dd>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Drawdown</title>
<link rel="icon" href="data:,">
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1.5rem; }
dt { font-family: ui-monospace, monospace; margin-top: 1rem; }
dd { margin: 0; }
code { font-size: 0.9em; }
</style>
</head>
<body>
<h1>Drawdown</h1>
<p>This server is up. What is here:</p>
<dl>
${places.join('\n')}
</dl>
<p>${asHtml(CREDENTIAL)}</p>
</body>
</html>
`;
}

function asHtml(text: string): string {
  return text
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[`"]([^`"]+)[`"]/g, '<code>$1</code>');
}
