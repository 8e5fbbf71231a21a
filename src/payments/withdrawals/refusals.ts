import type { Refusal } from '../../kit/refusal.ts';

/** What was typed is not the code of a withdrawal. The try counts. */
export interface WrongCode extends Refusal<'WrongCode'> {
  /** How often it may be tried again; with none left the withdrawal is called off. */
  readonly triesLeft: number;
}
