import type { Files } from './files.ts';
import { isEnding } from './pid-file.ts';

export interface PostmasterWatch {
  /** Resolves when the server is being stopped, or is gone; never once the watch was called off. */
  readonly ending: Promise<void>;
  callOff(): void;
}

const LOOK_MS = 1_000;

/**
 * A server that is told to stop by somebody else keeps the sessions it has and refuses others, for as
 * long as they last: no connection breaks that would tell, so its own file is looked at.
 */
export function watchPostmaster(files: Files, pid: number): PostmasterWatch {
  let timer: NodeJS.Timeout | undefined;
  const callOff = () => clearInterval(timer);
  const ending = new Promise<void>((resolve) => {
    timer = setInterval(() => {
      if (!isEnding(files.cluster, pid)) return;
      callOff();
      resolve();
    }, LOOK_MS).unref();
  });
  return { ending, callOff };
}
