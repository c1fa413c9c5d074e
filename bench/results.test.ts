import { expect, test } from 'vitest';
import { machine } from './results.ts';

test('what the numbers were measured with is named with its versions', () => {
  for (const name of ['Node v', 'PostgreSQL ', 'Fastify ', 'BullMQ '])
    expect(machine()).toMatch(new RegExp(`${name}\\d+\\.\\d+\\.\\d+`));
});
