import { describe, expect, it } from 'vitest';
import { ConfigError, readClientConfig, readConfig } from '../../src/config.ts';

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      port: 4000,
      host: '127.0.0.1',
      databaseUrl: null,
      redisUrls: [],
      dataDir: './.drawdown',
      bootstrapKey: null,
      logLevel: 'info',
      allowedOrigins: [],
      webhookAllowPrivate: false,
      webhookPorts: [443, 80],
      eventRetentionDays: 30,
      mail: null,
      publicUrl: null,
      encryptionKey: null,
      paymentAllowPrivate: false,
    });
  });

  it('takes empty text and blanks for "not given"', () => {
    expect(readConfig({ PORT: '', REDIS_URL: '  ', LOG_LEVEL: '' })).toEqual(readConfig({}));
  });

  it('reads every variable', () => {
    const bootstrapKey = `sk_${'a'.repeat(29)}`;
    expect(
      readConfig({
        PORT: '0',
        HOST: '::1',
        DATABASE_URL: 'postgresql://user:pa%20ss@db:5432/billing?sslmode=require',
        REDIS_URL: 'rediss://:secret@cache:6380/2',
        DRAWDOWN_DATA_DIR: '/var/lib/drawdown',
        DRAWDOWN_BOOTSTRAP_KEY: bootstrapKey,
        LOG_LEVEL: 'debug',
        DRAWDOWN_ALLOWED_ORIGINS: 'https://app.example.com, http://localhost:3000/',
        DRAWDOWN_WEBHOOK_ALLOW_PRIVATE: '1',
        DRAWDOWN_WEBHOOK_PORTS: '443, 8443',
        DRAWDOWN_EVENT_RETENTION_DAYS: '7',
        DRAWDOWN_SMTP_URL: 'smtps://ada%40example.com:pa%2Fss@mail.example.com:465',
        DRAWDOWN_MAIL_FROM: 'Acme Billing <billing@example.com>',
        DRAWDOWN_PUBLIC_URL: 'https://billing.example.com/',
        DRAWDOWN_ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64'),
        DRAWDOWN_PAYMENT_ALLOW_PRIVATE: '1',
      }),
    ).toEqual({
      port: 0,
      host: '::1',
      databaseUrl: 'postgresql://user:pa%20ss@db:5432/billing?sslmode=require',
      redisUrls: ['rediss://:secret@cache:6380/2'],
      dataDir: '/var/lib/drawdown',
      bootstrapKey,
      logLevel: 'debug',
      allowedOrigins: ['https://app.example.com', 'http://localhost:3000'],
      webhookAllowPrivate: true,
      webhookPorts: [443, 8443],
      eventRetentionDays: 7,
      mail: {
        smtpUrl: 'smtps://ada%40example.com:pa%2Fss@mail.example.com:465',
        from: { name: 'Acme Billing', address: 'billing@example.com' },
      },
      publicUrl: 'https://billing.example.com',
      encryptionKey: Buffer.alloc(32, 1),
      paymentAllowPrivate: true,
    });
  });

  it('takes several addresses of a Redis Cluster', () => {
    expect(readConfig({ REDIS_URL: 'redis://one:7000, redis://two:7001' }).redisUrls).toEqual([
      'redis://one:7000',
      'redis://two:7001',
    ]);
  });

  it('takes an address alone as the sender of mail', () => {
    const env = { DRAWDOWN_SMTP_URL: 'smtp://localhost', DRAWDOWN_MAIL_FROM: 'ada@example.com' };
    expect(readConfig(env).mail?.from).toEqual({ name: '', address: 'ada@example.com' });
  });

  it('sends no mail without a server, and none without a sender', () => {
    expect(readConfig({ DRAWDOWN_MAIL_FROM: 'ada@example.com' }).mail).toBeNull();
    expect(messageOf(() => readConfig({ DRAWDOWN_SMTP_URL: 'smtp://a:hunter22@localhost' }))).toBe(
      'DRAWDOWN_MAIL_FROM must say who sends the mail.',
    );
  });

  it('is frozen', () => {
    const config = readConfig({ DRAWDOWN_ALLOWED_ORIGINS: 'https://app.example.com' });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.allowedOrigins)).toBe(true);
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '4e3'],
    ['PORT', '0x10'],
    ['HOST', 'a b'],
    ['DATABASE_URL', 'mysql://user:hunter22@db/billing'],
    ['DATABASE_URL', 'db'],
    ['REDIS_URL', 'localhost:6379'],
    ['REDIS_URL', 'redis://:hunter22@one:6379,two:6379'],
    ['REDIS_URL', 'redis://:hunter22@one:6379,'],
    ['REDIS_URL', 'redis://:hunter22@one:6379 redis://two:6379'],
    ['DRAWDOWN_BOOTSTRAP_KEY', 'sk_hunter22'],
    ['DRAWDOWN_BOOTSTRAP_KEY', `rk_hunter22${'a'.repeat(32)}`],
    ['LOG_LEVEL', 'loud'],
    ['DRAWDOWN_EVENT_RETENTION_DAYS', '0'],
    ['DRAWDOWN_EVENT_RETENTION_DAYS', '1.5'],
    ['DRAWDOWN_ALLOWED_ORIGINS', '*'],
    ['DRAWDOWN_ALLOWED_ORIGINS', 'https://app.example.com/path'],
    ['DRAWDOWN_ALLOWED_ORIGINS', 'https://app.example.com,\nnull'],
    ['DRAWDOWN_WEBHOOK_ALLOW_PRIVATE', 'yes'],
    ['DRAWDOWN_WEBHOOK_PORTS', '443,0'],
    ['DRAWDOWN_WEBHOOK_PORTS', '443;8443'],
    ['DRAWDOWN_WEBHOOK_PORTS', '65536'],
    ['DRAWDOWN_SMTP_URL', 'mail.example.com:587'],
    ['DRAWDOWN_SMTP_URL', 'http://user:hunter22@mail.example.com'],
    ['DRAWDOWN_SMTP_URL', 'smtp://'],
    ['DRAWDOWN_SMTP_URL', 'smtp://user:hunter22%@mail.example.com'],
    ['DRAWDOWN_MAIL_FROM', 'billing'],
    ['DRAWDOWN_MAIL_FROM', 'Acme <billing>'],
    ['DRAWDOWN_MAIL_FROM', 'a@example.com, b@example.com'],
    ['DRAWDOWN_MAIL_FROM', 'Acme\r\nBcc: x <a@example.com>'],
  ])('refuses %s=%j with one line that names the variable and no secret', (name, value) => {
    const message = messageOf(() => readConfig({ [name]: value }));
    expect(message).toMatch(new RegExp(`^${name} must .+\\.$`));
    expect(message).not.toContain('\n');
    expect(message).not.toContain('hunter22');
  });
});

describe('readClientConfig', () => {
  it('speaks to a server on this machine unless told otherwise', () => {
    expect(readClientConfig({})).toEqual({ url: 'http://127.0.0.1:4000', key: null });
    expect(
      readClientConfig({ DRAWDOWN_URL: 'https://billing.example.com/', DRAWDOWN_KEY: 'rk_x' }),
    ).toEqual({
      url: 'https://billing.example.com',
      key: 'rk_x',
    });
  });

  it('does not mind a wrong variable of the server', () => {
    expect(readClientConfig({ PORT: 'http' }).key).toBeNull();
  });

  it.each([
    ['DRAWDOWN_URL', 'ftp://billing'],
    ['DRAWDOWN_KEY', 'hunter22'],
  ])('refuses %s=%j with one line that names the variable and no secret', (name, value) => {
    const message = messageOf(() => readClientConfig({ [name]: value }));
    expect(message).toMatch(new RegExp(`^${name} must .+\\.$`));
    expect(message).not.toContain('hunter22');
  });
});
