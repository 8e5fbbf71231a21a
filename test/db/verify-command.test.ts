import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LAWS } from '../../src/laws/laws.ts';
import { type Laboratory, openLaboratory } from '../laws/laboratory.ts';
import { keepBooks } from './verify-books.ts';

const BIN = fileURLToPath(new URL('../../src/cli/bin.js', import.meta.url));

let laboratory: Laboratory;

beforeAll(async () => {
  laboratory = await openLaboratory();
  await keepBooks(laboratory);
});
afterAll(async () => {
  await laboratory?.close();
});

async function verify(...args: string[]) {
  const env = { ...process.env, DATABASE_URL: laboratory.url };
  const command = spawn(process.execPath, [BIN, 'verify', ...args], { env });
  const [stdout, stderr] = await Promise.all([
    text(command.stdout),
    text(command.stderr),
    once(command, 'exit'),
  ]);
  return { code: command.exitCode, stdout, stderr };
}

describe('The command `drawdown verify`', () => {
  it('prints a tick for every law and ends with 0 when all of them hold', async () => {
    const { code, stdout, stderr } = await verify();
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(LAWS.length);
    expect(lines.every((line) => line.startsWith('✓ '))).toBe(true);
    expect(lines[0]).toMatch(/^✓ 1\. Debits equal credits in every asset \(\d+ entries\)$/);
  });

  it('names the first violation on standard error and ends with 1 when one is broken', async () => {
    const wallet = await laboratory.db.prisma.wallet.findFirstOrThrow({ where: { debt: 0 } });
    const where = { id_customerId: { id: wallet.id, customerId: wallet.customerId } };
    await laboratory.db.prisma.wallet.update({ where, data: { debt: 3 } });
    const plain = await verify();
    const json = await verify('--json');
    await laboratory.db.prisma.wallet.update({ where, data: { debt: wallet.debt } });

    expect(plain.code).toBe(1);
    expect(plain.stdout).toContain('✗ 2. Balances, debts and remainders');
    const line =
      /^drawdown: Law 2 is broken\. wallet_[0-9a-z]{26}: the stored debt is 3, .* add up to 0\n$/;
    expect(plain.stderr).toMatch(line);

    expect(json.code).toBe(1);
    expect(json.stderr).toMatch(line);
    const report = JSON.parse(json.stdout);
    expect(report.ok).toBe(false);
    expect(report.laws.filter((law: { ok: boolean }) => !law.ok)).toMatchObject([
      { number: 2, violation: expect.stringContaining('the stored debt is 3') },
    ]);
    expect(report.laws).toHaveLength(LAWS.length);
  });
});
