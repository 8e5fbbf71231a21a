import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPublicLookUp } from '../../src/webhooks/resolve-host.ts';

const A = 1;
const AAAA = 28;
const NO_SUCH_NAME = 3;

/** A name server that knows some records, by type; a name without any does not exist. */
async function startNameServer(records: Readonly<Record<number, readonly Buffer[]>>) {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port }) => {
    const end = query.indexOf(0, 12) + 5;
    const type = query.readUInt16BE(end - 4);
    const found = records[type] ?? [];
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(0x8180 | (Object.keys(records).length === 0 ? NO_SUCH_NAME : 0), 2);
    header.writeUInt16BE(found.length, 6);
    header.fill(0, 8);
    const answers = found.flatMap((address) => {
      const record = Buffer.alloc(12);
      record.writeUInt16BE(0xc00c, 0);
      record.writeUInt16BE(type, 2);
      record.writeUInt16BE(1, 4);
      record.writeUInt16BE(address.length, 10);
      return [record, address];
    });
    socket.send(Buffer.concat([header, query.subarray(12, end), ...answers]), port);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

let servers: { close(): unknown }[];
beforeEach(() => {
  servers = [];
});
afterEach(() => {
  for (const server of servers) server.close();
});

async function lookUpWith(records: Readonly<Record<number, readonly Buffer[]>>) {
  const server = await startNameServer(records);
  servers.push(server);
  const resolver = new Resolver({ timeout: 1_000, tries: 2 });
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
  return createPublicLookUp(resolver);
}

test('finds the addresses of both families', async () => {
  const v6 = Buffer.from('26064700470000000000000000001111', 'hex');
  const lookUp = await lookUpWith({ [A]: [Buffer.from([1, 1, 1, 1])], [AAAA]: [v6] });
  expect(await lookUp('hooks.example.com')).toEqual([
    { address: '1.1.1.1', family: 4 },
    { address: '2606:4700:4700::1111', family: 6 },
  ]);
});

test('is content with those of one', async () => {
  const lookUp = await lookUpWith({ [A]: [Buffer.from([8, 8, 8, 8])] });
  expect(await lookUp('hooks.example.com')).toEqual([{ address: '8.8.8.8', family: 4 }]);
});

test('says so when there is no such name', async () => {
  const lookUp = await lookUpWith({});
  await expect(lookUp('nowhere.example.com')).rejects.toMatchObject({ code: 'ENOTFOUND' });
});
