import { createServer } from 'node:http';
import { createSandboxPages } from '../../src/payments/providers/sandbox/pages.ts';
import type { SandboxProvider } from '../../src/payments/providers/sandbox/sandbox.ts';
import { listen } from '../../src/server/listen.ts';
import { createRoutes } from '../../src/server/routes.ts';
import { openSandbox, PROVIDER_ID } from './sandbox.ts';

/** The pages of a sandbox behind the server's own routes, where nothing else is. */
export async function startSandbox(config: Readonly<Record<string, string>> = {}) {
  const opened = await openSandbox(config);
  let sandbox: SandboxProvider | null = null;
  const routes = createRoutes({
    graphql: async (_request, response) => void response.end(),
    graphiql: { serve: async () => false },
    probes: () => null,
    inbound: null,
    hosted: {
      '/sandbox/': createSandboxPages({
        find: async (id) => (id === PROVIDER_ID ? sandbox : null),
      }),
    },
  });
  const http = createServer((request, response) => {
    routes(request, response, 'request-1').catch(() => response.destroy());
  });
  const { url } = await listen(http, { host: '127.0.0.1', port: 0 });
  sandbox = await opened.open(url);
  async function stop(): Promise<void> {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  }
  return { ...opened, sandbox, url, stop };
}
