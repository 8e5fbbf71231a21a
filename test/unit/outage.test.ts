import { describe, expect, it } from 'vitest';
import { GivenUp, isOutage } from '../../src/infra/outage.ts';
import { mayBeRunAgain } from '../../src/usage/faults.ts';

const coded = (code: string) => Object.assign(new Error('secret'), { code });

describe('an outage', () => {
  it.each([
    ...['57P01', '57P02', '57P03', '53300', '08000', '08001', '08003', '08006'],
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'],
    ...['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037'],
  ])('is told by %s, wherever it stands', (code) => {
    expect(isOutage(coded(code))).toBe(true);
    expect(isOutage(new Error('outside', { cause: coded(code) }))).toBe(true);
    const meta = { driverAdapterError: new Error('driver', { cause: { originalCode: '', code } }) };
    expect(isOutage(Object.assign(coded('P2010'), { meta }))).toBe(true);
    expect(mayBeRunAgain(coded(code))).toBe(true);
  });

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
  ])('is told by the driver, which gives no code: %s', (message) => {
    expect(isOutage(new Error(message))).toBe(true);
  });

  it('is told by what a process that stops does not wait for', () => {
    const error = new GivenUp('It stops.');
    expect(isOutage(error)).toBe(true);
    expect(isOutage(new Error('outside', { cause: error }))).toBe(true);
  });

  it.each([
    '23505',
    '22P02',
    '40001',
    '57014',
    '42P01',
    '55P03',
    'P2002',
    'P2010',
    'P2025',
    '0800',
  ])('is not told by %s', (code) => expect(isOutage(coded(code))).toBe(false));

  it('is not told by what somebody wrote into a value, nor by what is no error', () => {
    const message = 'invalid input syntax for type uuid: "Connection terminated"';
    expect(isOutage(Object.assign(new Error(message), { code: '22P02' }))).toBe(false);
    for (const thrown of [null, undefined, 'ECONNREFUSED', 57, {}]) {
      expect(isOutage(thrown)).toBe(false);
    }
  });

  it('comes to an end with an error that is its own cause', () => {
    const error = new Error('again');
    error.cause = error;
    expect(isOutage(error)).toBe(false);
  });
});
