import { openRawWebsocket } from './raw-websocket.ts';

/** What the parent may ask of the process that reads. */
export type ReaderRequest =
  /** Opens one WebSocket for each script. */
  | {
      readonly kind: 'OPEN';
      readonly url: string;
      readonly scripts: readonly (readonly string[])[];
    }
  | { readonly kind: 'COUNT' };

export type ReaderAnswer =
  | { readonly kind: 'READY' }
  | { readonly kind: 'OPENED' }
  | { readonly kind: 'COUNTED'; readonly frames: number; readonly bytes: number };

/** How many sockets open at one time. */
const AT_ONCE = 50;

let frames = 0;
let bytes = 0;

/** Many WebSockets in a process of their own: reading is neither the server's work nor the bench's. */
async function open({ url, scripts }: Extract<ReaderRequest, { kind: 'OPEN' }>): Promise<void> {
  const onFrame = (length: number) => {
    frames += 1;
    bytes += length;
  };
  for (let from = 0; from < scripts.length; from += AT_ONCE) {
    const some = scripts.slice(from, from + AT_ONCE);
    await Promise.all(some.map((script) => openRawWebsocket({ url, script, onFrame })));
  }
  tell({ kind: 'OPENED' });
}

function tell(answer: ReaderAnswer): void {
  process.send?.(answer);
}

process.on('message', (request: ReaderRequest) => {
  if (request.kind === 'OPEN') void open(request);
  else tell({ kind: 'COUNTED', frames, bytes });
});
process.once('disconnect', () => process.exit(0));
tell({ kind: 'READY' });
