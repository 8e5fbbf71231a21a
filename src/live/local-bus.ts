import type { Log } from '../infra/log.ts';
import type { Bus, BusListener } from './bus.ts';

/** The bus of a single process: a message reaches its listeners before `publish` returns. */
export function createLocalBus({ log }: { log: Log }): Bus {
  const channels = new Map<string, Set<BusListener>>();

  return {
    publish(channel, message) {
      for (const listener of channels.get(channel) ?? []) tell(listener, message, log);
    },
    async subscribe(channel, listener) {
      const listeners = channels.get(channel) ?? new Set();
      channels.set(channel, listeners.add(listener));
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        channels.delete(channel);
      };
    },
    isDegraded: () => false,
    close: () => channels.clear(),
  };
}

/** A listener that fails is a bug of its own; the charge that published must not pay for it. */
export function tell(listener: BusListener, message: unknown, log: Log): void {
  try {
    listener.message(message);
  } catch (error) {
    log.error({ error }, 'A listener of the bus failed.');
  }
}
