import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSendMail, type Mail, MailRefused } from '../../src/infra/mailer.ts';
import { type MailServer, startMailServer, USER } from '../support/mail-server.ts';

let server: MailServer;

beforeEach(async () => {
  server = await startMailServer();
});
afterEach(() => server.close());

const MAIL: Mail = {
  id: 'alert_1',
  to: 'ada@example.com',
  subject: 'Low',
  text: 'Ünder 5 %.\n',
  html: '<p>Ünder 5 %.</p>\n',
};

function send(
  change: Partial<Mail> = {},
  smtpUrl = server.url,
  signal = new AbortController().signal,
) {
  const from = { name: 'Acme, "Billing"', address: 'billing@acme.example' };
  return createSendMail({ smtpUrl, from })({ ...MAIL, ...change }, signal);
}

test('a mail is handed over with a password, as text and as HTML, under an id of its own', async () => {
  await send();
  const [mail] = await server.first(1);
  expect(mail).toMatchObject({
    recipients: ['ada@example.com'],
    user: USER,
    text: MAIL.text,
    html: MAIL.html,
    headers: {
      to: 'ada@example.com',
      subject: 'Low',
      'message-id': '<alert_1@acme.example>',
      'auto-submitted': 'auto-generated',
    },
  });
  expect(mail?.headers.from).toContain('<billing@acme.example>');
});

test('nothing in a subject or an address begins a header, or a recipient, of its own', async () => {
  await send({ subject: 'Low\r\nBcc: eve@example.com\r\n\r\nHello' });
  const [first] = await server.first(1);
  expect(first?.headers.bcc).toBeUndefined();
  expect(first?.headers.subject).toMatch(/^Low Bcc: eve@example.com\s+Hello$/);
  const several = [
    'ada,eve@example.com',
    'ada<eve@example.com',
    'ada@example.com;eve@example.com',
    'ada@example.com>\r\nRCPT TO:<eve@example.com',
    '"ada@example.com" <eve@example.com>',
    '',
  ];
  for (const to of several) await expect(send({ to }), to).rejects.toThrow(MailRefused);
  expect(server.offers()).toBe(1);
});

test('a recipient who is not there is refused for good; one who is busy is not', async () => {
  server.judgeWith(() => 550);
  await expect(send()).rejects.toThrow(MailRefused);
  server.judgeWith(() => 451);
  const error = await send().catch((thrown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(MailRefused);
  expect(server.received).toEqual([]);
});

test('a wrong password and a server that is away can be repaired', async () => {
  const wrong = server.url.replace(/:[^:@]+@/, ':wrong@');
  const errors = [await send({}, wrong).catch((thrown) => thrown)];
  await server.close();
  errors.push(await send().catch((thrown) => thrown));
  for (const error of errors) {
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(MailRefused);
  }
  server = await startMailServer();
});

test('a server whose certificate nobody vouches for gets nothing', async () => {
  const stranger = await startMailServer({ tls: true });
  try {
    const error = await send({}, stranger.url).catch((thrown) => thrown);
    expect(error).toMatchObject({ message: expect.stringContaining('certificate') });
    expect(error).not.toBeInstanceOf(MailRefused);
    expect(stranger.offers()).toBe(0);
  } finally {
    await stranger.close();
  }
});

test('whoever waits no longer has not sent it', async () => {
  await expect(send({}, server.url, AbortSignal.abort())).rejects.toThrow();
  expect(server.offers()).toBe(0);
});
