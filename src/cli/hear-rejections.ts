import type { Log } from '../infra/log.ts';

/**
 * A library that forgets a promise must not end the process for everybody: Prisma forgets the rollback of
 * a transaction whose time is over when PostgreSQL has dropped its connection meanwhile.
 */
export function hearRejections(log: Log): void {
  process.on('unhandledRejection', (error) => {
    log.error({ error }, 'A promise was rejected and nobody heard.');
  });
}
