import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../kit/clock.ts';
import type { RawWebhook, WebhookFault } from '../payments/provider.ts';
import type { Received } from '../payments/receive-webhook.ts';
import { announcesTooMuch, readBody } from './graphql-http/read-body.ts';
import { sendFault, sendJson } from './respond.ts';

export type ReceiveWebhook = (to: string, raw: RawWebhook) => Promise<Received>;

export interface InboundWebhooks {
  /** True when the path is one of theirs; it is answered then. */
  serve(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<boolean>;
}

/** `/webhooks/stripe`, `/webhooks/payprov_...`: the last part says whose it is. */
const PATH = /^\/webhooks\/(?:[a-z]+\/)?([a-z0-9_]{1,64})$/;
const MAX_BYTES = 256 * 1024;
const TOO_LARGE = { kind: 'TOO_LARGE' } as const;

const FAULTS: Readonly<Record<WebhookFault, string>> = {
  NO_SIGNATURE: 'The webhook carries no signature.',
  BAD_SIGNATURE: 'The signature does not fit the body.',
  TOO_OLD: 'The signature is of another time: the clock of one of us may be wrong.',
  MALFORMED: 'The signature fits, and the body cannot be read.',
};

/** Webhooks of payment providers. The bytes that came are what was signed, so that they are read as they are. */
export function createInboundWebhooks(receive: ReceiveWebhook, clock: Clock): InboundWebhooks {
  return {
    async serve(request, response, requestId) {
      const [path = ''] = (request.url ?? '').split('?');
      const to = PATH.exec(path)?.[1];
      if (!to) return false;
      if (request.method !== 'POST') {
        response.setHeader('allow', 'POST');
        refuse(response, requestId, 405, 'METHOD_NOT_ALLOWED', 'Webhooks are posted.');
        return true;
      }
      const body = announcesTooMuch(request, MAX_BYTES)
        ? TOO_LARGE
        : await readBody(request, MAX_BYTES);
      if (body.kind === 'TOO_LARGE') {
        refuse(response, requestId, 413, 'TOO_LARGE', `At most ${MAX_BYTES} bytes.`);
      } else if (body.kind === 'WHOLE') {
        answer(response, requestId, await receive(to, rawOf(request, body.bytes, clock)));
      }
      return true;
    },
  };
}

function rawOf({ headers }: IncomingMessage, body: Buffer, clock: Clock): RawWebhook {
  const single = Object.entries(headers).map(([name, value]) => [name, [value].flat()[0]]);
  return { headers: Object.fromEntries(single), body, receivedAt: clock.now() };
}

function answer(response: ServerResponse, requestId: string, received: Received): void {
  if (received.kind === 'TAKEN') {
    sendJson(response, 200, { received: true, duplicate: !received.isNew });
  } else if (received.kind === 'REFUSED') {
    refuse(response, requestId, 400, received.fault, FAULTS[received.fault]);
  } else {
    refuse(response, requestId, 404, 'NOT_FOUND', 'No payment provider is meant.');
  }
}

function refuse(
  response: ServerResponse,
  requestId: string,
  status: number,
  code: string,
  message: string,
): void {
  sendFault(response, requestId, { status, code, message });
}
