// Recado subscribes an app to each field that it understands.
import { expect, test } from 'vitest';
import { noticeFields } from './parse.ts';
import { webhookFields } from './webhook-fields.ts';

test('each field that becomes a notice is subscribed to', () => {
  const { needed, optional, uncertain } = webhookFields;
  expect([...needed, ...optional, ...uncertain]).toEqual(expect.arrayContaining([...noticeFields]));
});

test('no field is listed twice', () => {
  const { needed, optional, uncertain } = webhookFields;
  const all = [...needed, ...optional, ...uncertain];
  expect(all).toHaveLength(new Set(all).size);
});
