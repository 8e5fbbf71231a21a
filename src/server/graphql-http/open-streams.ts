import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Viewer } from '../../access/viewer.ts';
import { SECOND_MS } from '../../kit/clock.ts';
import type { CredentialWatch } from '../credential-watch.ts';
import { isStream } from '../respond.ts';

/** Answers that may never end by themselves. */
export interface OpenStreams {
  /**
   * Knows an answer until it is over. The function it gives is to be called when the answer is to a subscription:
   * only such a one is ended, with the credential that asked for it or with all the others.
   */
  add(response: ServerResponse, viewer: Viewer | null): () => void;
  end(): void;
}

/** How long a peer may take to read what was sent before the end. */
const GOODBYE_MS = SECOND_MS;

/**
 * For what may become a stream, and not for every request: what is put into a set and taken out again thousands
 * of times a second, whole answers, the collector finds in outgrown tables of the set for long.
 */
export function createOpenStreams(credentials: CredentialWatch): OpenStreams {
  const open = new Set<() => void>();
  let isOver = false;

  return {
    add(response, viewer) {
      let source: Readable | null = null;
      let isSubscribed = false;
      response.once('pipe', (piped: Readable) => {
        source = piped;
        // It was still being opened when the others were ended.
        if (isOver) endStream();
      });
      const endStream = () => {
        if (isSubscribed && isStream(response) && !response.writableEnded) end(response, source);
      };
      const callOff = viewer ? credentials.watch(viewer, endStream) : () => undefined;
      open.add(endStream);
      response.once('close', () => {
        open.delete(endStream);
        callOff();
      });
      return () => {
        isSubscribed = true;
      };
    },
    end() {
      isOver = true;
      for (const endStream of open) endStream();
    },
  };
}

/**
 * Ends the body as bodies end, and not by a word of the protocol that all is said: whoever reads is to come back.
 * The source hears of it when the answer is closed, and has nowhere to write to from now on.
 */
function end(response: ServerResponse, source: Readable | null): void {
  source?.unpipe(response);
  response.end();
  const timer = setTimeout(() => response.destroy(), GOODBYE_MS);
  response.once('close', () => clearTimeout(timer));
}
