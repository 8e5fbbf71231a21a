/**
 * Whether a page of this origin may use the API from a browser: our own pages, and those that the operator
 * listed. No `Origin` header means that no browser is involved, so there is no page to distrust.
 */
export function isAllowedOrigin(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined) return true;
  return allowed.includes(origin) || isSameOrigin(origin, host);
}

/** Compares host and port. Behind a proxy that ends TLS the scheme says nothing. */
function isSameOrigin(origin: string, host: string | undefined): boolean {
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
