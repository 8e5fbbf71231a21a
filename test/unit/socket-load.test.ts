import { expect, test } from 'vitest';
import { createLoad } from '../../src/server/websocket/load.ts';

test('a flood is told once, however long it goes on: each time would cost more than the last', () => {
  let floods = 0;
  const load = createLoad({
    maxOperations: 1,
    maxChars: 1_000,
    maxBeyond: 10,
    onFlood() {
      floods += 1;
    },
  });
  for (let count = 1; count <= 10; count += 1) load.enterControl();
  expect(floods).toBe(0);
  for (let count = 1; count <= 1_000; count += 1) load.enterControl();
  expect(floods).toBe(1);
  load.enter(1, true);
  expect(floods).toBe(1);
});
