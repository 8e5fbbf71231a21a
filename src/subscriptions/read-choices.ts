import type { PlanDefinition } from '../catalog/plans/definition.ts';
import type { Checker } from '../kit/check.ts';

/** A plan without seats counts as one. */
const ONE_SEAT = { minimum: 1, maximum: 1 };
const MAX_SEATS = 1_000_000;

/** How many seats a subscription shall have; left out, the fewest that the plan allows. */
export function readSeats(
  check: Checker,
  { seats: terms }: PlanDefinition,
  raw: number | null | undefined,
): number {
  const { minimum, maximum } = terms ?? ONE_SEAT;
  const seats = raw ?? minimum;
  if (terms === null && seats !== 1) check.note('seats', 'NOT_ALLOWED', 'The plan has no seats.');
  else check.integer('seats', seats, minimum, maximum ?? MAX_SEATS);
  return seats;
}

/** As many seats as that, or what the plan allows that comes next to it. */
export function seatsWithin({ seats: terms }: PlanDefinition, seats: number): number {
  const { minimum, maximum } = terms ?? ONE_SEAT;
  return Math.min(Math.max(seats, minimum), maximum ?? MAX_SEATS);
}

/** Codes of add-ons that the plan has, each once. */
export function readAddOns(
  check: Checker,
  { addOns }: PlanDefinition,
  codes: readonly string[],
): string[] {
  const known = new Set(addOns.map(({ code }) => code));
  for (const [index, code] of codes.entries()) {
    const path = `addOns.${index}`;
    if (!known.has(code)) check.note(path, 'NOT_ALLOWED', `The plan has no add-on "${code}".`);
    else if (codes.indexOf(code) < index) check.note(path, 'NOT_ALLOWED', 'It is there already.');
  }
  return [...codes];
}
