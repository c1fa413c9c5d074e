import { EventEmitter } from 'node:events';
import type { BinaryNode } from 'baileys';
import { expect, test } from 'vitest';
import { refreshRegistration, withSecret } from './shim-registration-refresh.ts';

const notification: BinaryNode = {
  tag: 'notification',
  attrs: { id: 'n1', from: 's.whatsapp.net', type: 'companion_reg_refresh', t: '1' },
};

const setUp = (me: { id: string } | undefined) => {
  const ws = new EventEmitter();
  const seen: { secrets: string[]; acks: BinaryNode[]; shown: number } = { secrets: [], acks: [], shown: 0 };
  refreshRegistration(
    {
      ws,
      ev: { emit: (_, { advSecretKey }) => seen.secrets.push(advSecretKey) > 0 },
      authState: { creds: { me } },
      sendNode: async node => {
        seen.acks.push(node);
      },
    },
    () => {
      seen.shown += 1;
    },
  );
  return { ws, seen };
};

test('a new secret is made, acknowledged and shown', () => {
  const { ws, seen } = setUp(undefined);
  ws.emit('CB:notification,type:companion_reg_refresh', notification);
  expect(seen.secrets.map(secret => Buffer.from(secret, 'base64').length)).toEqual([32]);
  expect(seen.acks.map(node => node.attrs)).toEqual([
    { id: 'n1', to: 's.whatsapp.net', class: 'notification', type: 'companion_reg_refresh' },
  ]);
  expect(seen.shown).toBe(1);
});

test('a pairing code and a linked session keep their secret', () => {
  const { ws, seen } = setUp({ id: '15550001@s.whatsapp.net' });
  ws.emit('CB:notification,type:companion_reg_refresh', notification);
  expect(seen).toEqual({ secrets: [], acks: [], shown: 0 });
});

test('a code is shown with the current secret', () => {
  expect(withSecret('https://wa.me/settings/linked_devices#ref,noise,identity,old,1', 'new')).toBe(
    'https://wa.me/settings/linked_devices#ref,noise,identity,new,1',
  );
  expect(withSecret('ref,noise,identity,old', 'new')).toBe('ref,noise,identity,new');
});
