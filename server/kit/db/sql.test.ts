import { expect, test } from 'vitest';
import { all, sql, toQuery } from './sql.ts';

test('values become parameters, fragments become text', () => {
  const inner = sql`b = ${2} and c = ${3}`;
  expect(toQuery(sql`select ${1} where ${inner} limit ${4}`)).toEqual({
    text: 'select $1 where b = $2 and c = $3 limit $4',
    values: [1, 2, 3, 4],
  });
});

test('a value is never read as SQL', () => {
  expect(toQuery(sql`select ${"'; drop table message; --"}`).text).toBe('select $1');
});

test('no condition is true, several are joined by and', () => {
  expect(toQuery(all([undefined, false])).text).toBe('true');
  expect(toQuery(all([sql`a = ${1}`, undefined, sql`b = ${2}`])).text).toBe('true and a = $1 and b = $2');
});
