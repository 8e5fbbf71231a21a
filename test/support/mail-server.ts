import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail that came in, taken apart. */
export interface ReceivedMail {
  /** Whom it was handed over for. */
  readonly recipients: readonly string[];
  /** By lower-case name, unfolded. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
  /** Who logged in. */
  readonly user: string | undefined;
}

/** Null takes a mail; a number is the SMTP status that refuses it. */
export type Verdict = (recipient: string) => number | null;

export interface MailServer {
  /** With user and password. */
  readonly url: string;
  /** What was taken so far. */
  readonly received: readonly ReceivedMail[];
  /** How many recipients were offered so far, also those that were refused. */
  offers(): number;
  judgeWith(verdict: Verdict): void;
  /** The first of what was taken, so many of them, once they are there. */
  first(count: number): Promise<ReceivedMail[]>;
  close(): Promise<void>;
}

export const USER = 'billing@example.com';
export const PASSWORD = 'pa/ss word';

/** A real SMTP server. With `tls` it offers STARTTLS with a certificate that nobody vouches for. */
export async function startMailServer({ tls = false } = {}): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  let waiting: (() => void)[] = [];
  let offers = 0;
  let verdict: Verdict = () => null;
  const server = new SMTPServer({
    logger: false,
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: tls ? [] : ['STARTTLS'],
    onAuth({ username, password }, _session, done) {
      if (username === USER && password === PASSWORD) done(null, { user: username });
      else done(new Error('Wrong password.'));
    },
    onRcptTo({ address }, _session, done) {
      offers += 1;
      const responseCode = verdict(address);
      if (responseCode === null) done();
      else done(Object.assign(new Error('Not now, or never.'), { responseCode }));
    },
    async onData(stream, { envelope, user }, done) {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      const recipients = envelope.rcptTo.map(({ address }) => address);
      const raw = Buffer.concat(chunks).toString('latin1');
      received.push({ recipients, ...takeApart(raw), user: user as string | undefined });
      done();
      const all = waiting;
      waiting = [];
      for (const look of all) look();
    },
  });
  // A client that leaves is no news.
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const login = `${encodeURIComponent(USER)}:${encodeURIComponent(PASSWORD)}`;
  return {
    url: `smtp://${login}@127.0.0.1:${port}`,
    received,
    offers: () => offers,
    judgeWith(next) {
      verdict = next;
    },
    async first(count) {
      while (received.length < count) await new Promise<void>((look) => waiting.push(look));
      return received.slice(0, count);
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function takeApart(raw: string): Pick<ReceivedMail, 'headers' | 'text' | 'html'> {
  const { headers, body } = partOf(raw);
  const [, boundary = ''] = /boundary="([^"]+)"/.exec(headers['content-type'] ?? '') ?? [];
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => partOf(part.replace(/^\r\n/, '').replace(/\r\n$/, '')));
  const bodyOf = (type: string) => {
    const part = parts.find((each) => each.headers['content-type']?.startsWith(type));
    if (!part) throw new Error(`A mail has no part that is ${type}.`);
    return decode(part.body, part.headers['content-transfer-encoding'] ?? '7bit');
  };
  return { headers, text: bodyOf('text/plain'), html: bodyOf('text/html') };
}

function partOf(raw: string) {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const lines = head.replace(/\r\n[ \t]/g, ' ').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { headers: headers as Record<string, string>, body: rest.join('\r\n\r\n') };
}

function decode(body: string, encoding: string): string {
  const unfolded = body.replaceAll('\r\n', '\n');
  if (encoding === '7bit') return unfolded;
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  const bytes = unfolded
    .replace(/=\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
