import { once } from 'node:events';
import { connect } from 'node:net';

export interface RawWebsocketOptions {
  readonly url: string;
  /** Sent one after the other: the first at once, each other one when a frame has come. */
  readonly script: readonly string[];
  /** Called for every frame after those that answered the script, with the bytes of its text. */
  readonly onFrame: (bytes: number) => void;
}

const HEAD_END = '\r\n\r\n';
const TEXT = 1;
const PING = 9;
const PONG = 10;
const FIN = 0x80;
const MASKED = 0x80;

/**
 * Counts frames without looking into them, so that the reader can keep up with a server that has a core
 * to itself. Resolves when every message of the script was answered with a frame.
 */
export async function openRawWebsocket(options: RawWebsocketOptions): Promise<() => void> {
  const { hostname, port, host, pathname } = new URL(options.url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  socket.write(
    `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws${HEAD_END}`,
  );
  const [head] = (await once(socket, 'data')) as [Buffer];
  if (!head.includes('101 Switching')) throw new Error(`No upgrade: ${head.toString()}`);

  const script = [...options.script];
  let unread: Buffer = head.subarray(head.indexOf(HEAD_END) + HEAD_END.length);
  await new Promise<void>((resolve, reject) => {
    let isAnswering = script.length > 0;
    function step(): void {
      const message = script.shift();
      if (message !== undefined) return void socket.write(frameOf(TEXT, message));
      isAnswering = false;
      resolve();
    }
    const take = (chunk: Buffer) => {
      unread = takeFrames(
        unread.length > 0 ? Buffer.concat([unread, chunk]) : chunk,
        (opcode, text) => {
          if (opcode === PING) return void socket.write(frameOf(PONG, ''));
          if (opcode !== TEXT || text.includes('"errors"'))
            return reject(new Error(`Not as expected: ${opcode} ${text}`));
          if (isAnswering) step();
          else options.onFrame(text.length);
        },
      );
    };
    socket.on('data', take);
    socket.on('close', () => reject(new Error('The server closed the connection.')));
    socket.on('error', reject);
    step();
  });
  return () => socket.destroy();
}

/** Hands over every whole frame and gives back what is left. */
function takeFrames(buffer: Buffer, onFrame: (opcode: number, text: Buffer) => void): Buffer {
  let at = 0;
  while (buffer.length - at >= 2) {
    const short = (buffer[at + 1] as number) & 0x7f;
    if (short === 127) throw new Error('A frame is longer than anything that is measured here.');
    const start = at + (short === 126 ? 4 : 2);
    if (buffer.length < start) break;
    const end = start + (short === 126 ? buffer.readUInt16BE(at + 2) : short);
    if (buffer.length < end) break;
    onFrame((buffer[at] as number) & 0x0f, buffer.subarray(start, end));
    at = end;
  }
  return at === 0 ? buffer : buffer.subarray(at);
}

/** Masked with zeros, which is a mask too. */
function frameOf(opcode: number, text: string): Buffer {
  const bytes = Buffer.from(text);
  const isShort = bytes.length < 126;
  const head = Buffer.alloc(isShort ? 6 : 8);
  head[0] = FIN | opcode;
  head[1] = MASKED | (isShort ? bytes.length : 126);
  if (!isShort) head.writeUInt16BE(bytes.length, 2);
  return Buffer.concat([head, bytes]);
}
