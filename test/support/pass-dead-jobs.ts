import { withAdmin } from './admin.ts';

/** As if the time had passed after which the jobs of a dead worker are given to others. */
export async function passDeadJobs(databaseUrl: string): Promise<void> {
  const earlier = `locked_at = locked_at - interval '10 minutes' WHERE locked_at IS NOT NULL`;
  await withAdmin(databaseUrl, async (admin) => {
    await admin.query(`UPDATE graphile_worker._private_jobs SET ${earlier}`);
    await admin.query(`UPDATE graphile_worker._private_job_queues SET ${earlier}`);
  });
}
