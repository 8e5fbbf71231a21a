/** The number of the event loop's turn: what is given the same one runs before anybody new is heard. */
export type LoopTurn = () => number;

export function createLoopTurn(): LoopTurn {
  let turn = 0;
  let isArmed = false;
  return () => {
    if (!isArmed) {
      isArmed = true;
      setImmediate(() => {
        isArmed = false;
        turn += 1;
      });
    }
    return turn;
  };
}
