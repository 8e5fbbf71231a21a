import type { ServerResponse } from 'node:http';
import type { Viewer } from '../access/viewer.ts';
import type { CredentialWatch } from './credential-watch.ts';
import { isStream } from './respond.ts';

/** Answers that may never end by themselves. */
export interface OpenStreams {
  /** Knows an answer until it is over, and ends it with the credential that asked for it. */
  add(response: ServerResponse, viewer: Viewer | null): void;
  end(): void;
}

/**
 * For what may become a stream, and not for every request: what is put into a set and taken out again thousands
 * of times a second, whole answers, the collector finds in outgrown tables of the set for long.
 */
export function createOpenStreams(credentials: CredentialWatch): OpenStreams {
  const open = new Set<ServerResponse>();

  return {
    add(response, viewer) {
      const endStream = () => isStream(response) && response.destroy();
      const callOff = viewer ? credentials.watch(viewer, endStream) : () => undefined;
      open.add(response);
      response.once('close', () => {
        open.delete(response);
        callOff();
      });
    },
    end() {
      for (const response of open) if (isStream(response)) response.destroy();
    },
  };
}
