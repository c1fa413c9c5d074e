// Recado subscribes an app to each field that it understands.
import { expect, test } from 'vitest';
import { noticeFields } from './parse.ts';
import { webhookFields } from './webhook-fields.ts';

test('each field that becomes a notice is subscribed to, as far as an app can be', () => {
  const { needed, optional, uncertain } = webhookFields;
  const never = ['business_username_update', 'user_id_update'];
  const subscribable = [...noticeFields].filter(field => !never.includes(field));
  expect([...needed, ...optional, ...uncertain]).toEqual(expect.arrayContaining(subscribable));
  for (const field of never) expect([...needed, ...optional, ...uncertain]).not.toContain(field);
});

test('no field is listed twice', () => {
  const { needed, optional, uncertain } = webhookFields;
  const all = [...needed, ...optional, ...uncertain];
  expect(all).toHaveLength(new Set(all).size);
});
