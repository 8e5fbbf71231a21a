/** Ends one subscription; calling it again does nothing. */
export type Unsubscribe = () => void;

export interface BusListener {
  /** A message as published: JSON values only, not checked, not to be changed. */
  message(message: unknown): void;
  /**
   * The bus was cut off, or hears again after that: what was published meanwhile is lost, and the
   * database is to be asked.
   */
  resync(): void;
}

/**
 * Carries hints between processes: a hint may be lost, doubled or late, and whoever needs the truth reads
 * the database. So nothing here may ever slow down or fail a charge.
 */
export interface Bus {
  /** Never throws and never waits. Under pressure, or while the bus is down, the hint is dropped. */
  publish(channel: string, message: unknown): void;
  /**
   * Resolves once everything published from now on will be heard. While the bus is down it resolves at
   * once; the listener is told to resync when it is back.
   */
  subscribe(channel: string, listener: BusListener): Promise<Unsubscribe>;
  /** Whether hints of other processes may be missed just now, so that the database has to be asked. */
  isDegraded(): boolean;
  close(): void;
}
