import { z } from 'zod';
import { LOG_LEVELS, type LogLevel } from './infra/log.ts';
import type { MailAddress, MailSettings } from './infra/mailer.ts';
import { isMailAddress } from './kit/mail-address.ts';

/** Thrown by a wrong environment variable. Its message is one line that names the variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** What a server process is told by its environment. */
export interface Config {
  /** TCP port of the HTTP and WebSocket server; 0 takes any free one. */
  readonly port: number;
  readonly host: string;
  /** Null: PostgreSQL is embedded and keeps its files under `dataDir`. */
  readonly databaseUrl: string | null;
  /** Of a Redis Cluster, any number of its servers. Empty: the in-process bus, for a single process. */
  readonly redisUrls: readonly string[];
  readonly dataDir: string;
  /** The secret key that the first organization shall have; null: one is made and shown once. */
  readonly bootstrapKey: string | null;
  readonly logLevel: LogLevel;
  /** Web origins besides our own whose pages may call the API: `https://app.example.com`. */
  readonly allowedOrigins: readonly string[];
  /** For development: webhooks may go to any address and port, and without TLS. */
  readonly webhookAllowPrivate: boolean;
  /** TCP ports to which webhooks may go. */
  readonly webhookPorts: readonly number[];
  /** How long the event log is kept. */
  readonly eventRetentionDays: number;
  /** Null: no mail is sent. */
  readonly mail: MailSettings | null;
  /** Where this server is reached from outside, without a path; null: where it listens. */
  readonly publicUrl: string | null;
  /** 32 bytes that keep the secrets of payment providers; null: none were given. */
  readonly encryptionKey: Buffer | null;
  /** For development: addresses of payment providers may be private, and without TLS. */
  readonly paymentAllowPrivate: boolean;
}

/** What the command line needs to speak to a server. */
export interface ClientConfig {
  /** The server's address without a path. */
  readonly url: string;
  readonly key: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

const url = (...schemes: string[]) =>
  z.string().refine(
    (text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)),
    // The value may carry a password, so the message never repeats it.
    { error: `must be an address that starts with ${schemes.map((s) => `${s}://`).join(' or ')}` },
  );

const redisUrls = z
  .string()
  .transform((text) => text.split(',').map((item) => item.trim()))
  .pipe(z.array(url('redis', 'rediss')));

const secretKey = z
  .string()
  .regex(/^sk_[\x21-\x7e]{29,}$/, { error: 'must start with sk_ and have 32 or more characters' });

const origins = z.string().transform((text, context) => {
  const list = text.split(',').map((item) => item.trim());
  const wrong = list.find((item) => !isWebOrigin(item));
  if (wrong === undefined) return list.map((item) => new URL(item).origin);
  context.addIssue(
    `must list origins such as https://app.example.com, not ${JSON.stringify(wrong)}`,
  );
  return z.NEVER;
});

const flag = z
  .enum(['0', '1'], {
    error: (issue) => `must be 1 or 0, not ${JSON.stringify(issue.input)}`,
  })
  .transform((text) => text === '1');

const ports = z.string().transform((text, context) => {
  const list = text.split(',').map((item) => item.trim());
  const wrong = list.find((item) => !isPort(item) || Number(item) === 0);
  if (wrong === undefined) return list.map(Number);
  context.addIssue(`must list ports from 1 to 65535, not ${JSON.stringify(wrong)}`);
  return z.NEVER;
});

const smtpUrl = url('smtp', 'smtps').refine((text) => isLogin(new URL(text)), {
  error: 'must name a host, and write what is special in user and password as %40',
  when: ({ issues }) => issues.length === 0,
});

const mailFrom = z.string().transform((text, context): MailAddress => {
  const [, name = '', inBrackets] = /^([^<>"\p{Cc}]*)<([^<>]*)>$/u.exec(text) ?? [];
  const address = inBrackets ?? text;
  if (isMailAddress(address)) return { name: name.trim(), address };
  context.addIssue('must be an address such as billing@example.com or Acme <billing@example.com>');
  return z.NEVER;
});

const encryptionKey = z.string().transform((text, context) => {
  const key = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
  if (key.length === 32) return key;
  context.addIssue(
    'must be 32 bytes in base64 or hexadecimal, such as openssl rand -base64 32 makes',
  );
  return z.NEVER;
});

const publicUrl = url('http', 'https').transform((text, context) => {
  const { origin, pathname, search, hash } = new URL(text);
  if (pathname === '/' && search === '' && hash === '') return origin;
  context.addIssue('must have no path: https://billing.example.com');
  return z.NEVER;
});

const SERVER = z.object({
  PORT: z
    .string()
    .refine(isPort, {
      error: (issue) =>
        `must be a whole number from 0 to 65535, not ${JSON.stringify(issue.input)}`,
    })
    .transform(Number)
    .default(4000),
  HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]+$/, { error: 'must be a host name or an IP address' })
    .default('127.0.0.1'),
  DATABASE_URL: url('postgres', 'postgresql').nullable().default(null),
  REDIS_URL: redisUrls.default([]),
  DRAWDOWN_DATA_DIR: z.string().default('./.drawdown'),
  DRAWDOWN_BOOTSTRAP_KEY: secretKey.nullable().default(null),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, {
      error: (issue) =>
        `must be one of ${LOG_LEVELS.join(', ')}, not ${JSON.stringify(issue.input)}`,
    })
    .default('info'),
  DRAWDOWN_ALLOWED_ORIGINS: origins.default([]),
  DRAWDOWN_WEBHOOK_ALLOW_PRIVATE: flag.default(false),
  DRAWDOWN_WEBHOOK_PORTS: ports.default([443, 80]),
  DRAWDOWN_EVENT_RETENTION_DAYS: z
    .string()
    .regex(/^[1-9][0-9]{0,3}$/, { error: 'must be a whole number of days from 1 to 9999' })
    .transform(Number)
    .default(30),
  DRAWDOWN_SMTP_URL: smtpUrl.nullable().default(null),
  DRAWDOWN_MAIL_FROM: mailFrom.nullable().default(null),
  DRAWDOWN_PUBLIC_URL: publicUrl.nullable().default(null),
  DRAWDOWN_ENCRYPTION_KEY: encryptionKey.nullable().default(null),
  DRAWDOWN_PAYMENT_ALLOW_PRIVATE: flag.default(false),
});

const CLIENT = z.object({
  DRAWDOWN_URL: url('http', 'https').default('http://127.0.0.1:4000'),
  DRAWDOWN_KEY: z
    .string()
    .regex(/^(sk|rk)_[\x21-\x7e]+$/, { error: 'must be a key that starts with sk_ or rk_' })
    .nullable()
    .default(null),
});

/** Reads and checks the server's variables. Throws a ConfigError at the first wrong one. */
export function readConfig(env: Environment = process.env): Config {
  const read = parse(SERVER, env);
  return Object.freeze({
    port: read.PORT,
    host: read.HOST,
    databaseUrl: read.DATABASE_URL,
    redisUrls: Object.freeze(read.REDIS_URL),
    dataDir: read.DRAWDOWN_DATA_DIR,
    bootstrapKey: read.DRAWDOWN_BOOTSTRAP_KEY,
    logLevel: read.LOG_LEVEL,
    allowedOrigins: Object.freeze(read.DRAWDOWN_ALLOWED_ORIGINS),
    webhookAllowPrivate: read.DRAWDOWN_WEBHOOK_ALLOW_PRIVATE,
    webhookPorts: Object.freeze(read.DRAWDOWN_WEBHOOK_PORTS),
    eventRetentionDays: read.DRAWDOWN_EVENT_RETENTION_DAYS,
    mail: mailSettings(read.DRAWDOWN_SMTP_URL, read.DRAWDOWN_MAIL_FROM),
    publicUrl: read.DRAWDOWN_PUBLIC_URL,
    encryptionKey: read.DRAWDOWN_ENCRYPTION_KEY,
    paymentAllowPrivate: read.DRAWDOWN_PAYMENT_ALLOW_PRIVATE,
  });
}

/** Reads and checks the variables of the command line. Throws a ConfigError at the first wrong one. */
export function readClientConfig(env: Environment = process.env): ClientConfig {
  const read = parse(CLIENT, env);
  return Object.freeze({ url: read.DRAWDOWN_URL.replace(/\/+$/, ''), key: read.DRAWDOWN_KEY });
}

/** Whether somebody looks for a fault. Never throws, so that it can be asked while reporting one. */
export function isDebugging(env: Environment = process.env): boolean {
  return ['debug', 'trace'].includes(env.LOG_LEVEL?.trim() ?? '');
}

function parse<Shape extends z.ZodObject>(shape: Shape, env: Environment): z.output<Shape> {
  // Compose files pass variables that are not set as empty text: that means "not given".
  const given = Object.keys(shape.shape).flatMap((name) => {
    const value = env[name]?.trim();
    return value ? [[name, value]] : [];
  });
  const result = shape.safeParse(Object.fromEntries(given));
  if (result.success) return result.data;
  const [first] = result.error.issues;
  throw new ConfigError(`${String(first?.path[0])} ${first?.message}.`);
}

function mailSettings(smtpUrl: string | null, from: MailAddress | null): MailSettings | null {
  if (smtpUrl === null) return null;
  if (from === null) throw new ConfigError('DRAWDOWN_MAIL_FROM must say who sends the mail.');
  return Object.freeze({ smtpUrl, from });
}

function isLogin({ hostname, username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return hostname !== '';
  } catch {
    return false;
  }
}

function isPort(text: string): boolean {
  return /^[0-9]{1,5}$/.test(text) && Number(text) <= 65_535;
}

function isWebOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:\/\/[^/]+\/?$/.test(text);
}
