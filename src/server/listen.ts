import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Address {
  readonly url: string;
  readonly port: number;
}

/** Resolves once connections are accepted; rejects when the address is taken or not of this machine. */
export async function listen(
  http: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Address> {
  http.listen(port, host);
  await once(http, 'listening');
  const address = http.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return { port: address.port, url: `http://${name}:${address.port}` };
}
