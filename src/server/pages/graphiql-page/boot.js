// Starts GraphiQL in the browser. A key is entered once, in the Headers tab of any operation, and then
// goes with all of them; it is kept in this browser tab only, until the tab is closed.

const KEY = 'drawdown:authorization';
const PLACEHOLDER = 'Bearer sk_...';
const root = document.getElementById('graphiql');

/** A link that ends in `#key=sk_...` brings its key along; a fragment never reaches a server. */
function takeKeyFromAddress() {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (!key) return;
  sessionStorage.setItem(KEY, `Bearer ${key}`);
  history.replaceState(null, '', location.pathname + location.search);
}

/** The headers to send: the placeholder, or nothing, stands for the key that was entered before. */
function resolveHeaders(entered = {}) {
  const headers = {};
  let authorization;
  for (const [name, value] of Object.entries(entered)) {
    if (name.toLowerCase() === 'authorization') authorization = value;
    else headers[name] = value;
  }
  if (authorization && authorization !== PLACEHOLDER) sessionStorage.setItem(KEY, authorization);
  const current = sessionStorage.getItem(KEY);
  if (current) headers.authorization = current;
  return headers;
}

function createFetcher() {
  const client = graphqlWs.createClient({
    url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
    connectionParams: () => ({ authorization: sessionStorage.getItem(KEY) ?? '' }),
    // A wrong key is final here: the visitor corrects it and runs the operation again.
    shouldRetry: (event) => event?.code !== 4403,
  });
  const fetchGraphql = GraphiQL.createFetcher({
    url: '/graphql',
    wsClient: client,
    enableIncrementalDelivery: false,
  });
  return (params, options) =>
    fetchGraphql(params, { ...options, headers: resolveHeaders(options?.headers) });
}

/**
 * GraphiQL fills its editors from the storage, and then looks among its tabs for one with that content.
 * Storing what the active tab holds lets it open the first tab with its variables, and find the active
 * one again after a reload.
 */
function storeActiveTab(firstTab) {
  const state = JSON.parse(sessionStorage.getItem('graphiql:tabState') ?? 'null');
  const active = state?.tabs?.[state.activeTabIndex] ?? firstTab;
  for (const part of ['query', 'variables', 'headers']) {
    sessionStorage.setItem(`graphiql:${part}`, active?.[part] ?? '');
  }
}

async function start() {
  takeKeyFromAddress();
  const operations = await fetch(root.dataset.operations).then((response) => response.json());
  const known = sessionStorage.getItem(KEY);
  const headers = JSON.stringify({ Authorization: known ?? PLACEHOLDER }, null, 2);
  const tabs = operations.map(({ query, variables }) => ({
    query,
    variables: variables ?? '',
    headers,
  }));
  storeActiveTab(tabs[0]);
  ReactDOM.createRoot(root).render(
    React.createElement(GraphiQL, {
      fetcher: createFetcher(),
      storage: sessionStorage,
      shouldPersistHeaders: true,
      defaultEditorToolsVisibility: known ? 'variables' : 'headers',
      defaultHeaders: headers,
      defaultTabs: tabs,
    }),
  );
}

start();
