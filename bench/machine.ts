import { execFileSync } from 'node:child_process';
import { arch, availableParallelism, platform, totalmem } from 'node:os';
import { systemClock } from '../src/kit/clock.ts';

/** What the figures depend on, as a list in Markdown. */
export function describeRun(postgresVersion: string): string {
  const gib = Math.round(totalmem() / 1024 ** 3);
  return [
    `- Date: ${systemClock.now().toISOString().slice(0, 10)}`,
    `- Machine: ${availableParallelism()} cores (${arch()}), ${gib} GiB of memory, ${platform()}; server, PostgreSQL and load generator share it`,
    `- Versions: Node ${process.versions.node}, PostgreSQL ${postgresVersion} (embedded, fsync on), Drawdown ${commit()}`,
  ].join('\n');
}

function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  try {
    const changed =
      git('status', '--porcelain', '--', 'src', 'schema', 'prisma') === '' ? '' : ' with changes';
    return git('rev-parse', '--short', 'HEAD') + changed;
  } catch {
    return 'of no commit';
  }
}
