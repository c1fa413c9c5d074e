import { EventEmitter } from 'node:events';
import type { BinaryNode } from 'baileys';
import { expect, test } from 'vitest';
import { acknowledgeStatus } from './shim-status.ts';

const setUp = () => {
  const ws = new EventEmitter();
  const sent: BinaryNode[] = [];
  const handled: string[] = [];
  ws.on('CB:message', (node: BinaryNode) => handled.push(node.attrs.id ?? ''));
  acknowledgeStatus({
    ws,
    sendNode: async node => {
      sent.push(node);
    },
  });
  return { ws, sent, handled };
};

test('a status stanza is acknowledged', () => {
  const { ws, sent } = setUp();
  ws.emit('CB:status', { tag: 'status', attrs: { id: 's1', from: '15550001@s.whatsapp.net', type: 'text' } });
  expect(sent).toEqual([
    { tag: 'ack', attrs: { id: 's1', to: '15550001@s.whatsapp.net', class: 'status', type: 'text' } },
  ]);
});

test('a status post or channel post is acknowledged without an error, and the library does not see it', () => {
  const { ws, sent, handled } = setUp();
  const attrs = { id: 'm1', from: 'status@broadcast', participant: '15550001@s.whatsapp.net', type: 'media' };
  ws.emit('CB:message', { tag: 'message', attrs });
  ws.emit('CB:message', { tag: 'message', attrs: { id: 'm2', from: '123@newsletter' } });
  expect(sent.map(node => [node.attrs.class, node.attrs.id, node.attrs.error])).toEqual([
    ['message', 'm1', undefined],
    ['message', 'm2', undefined],
  ]);
  expect(handled).toEqual([]);
});

test('other messages go to the library', () => {
  const { ws, sent, handled } = setUp();
  ws.emit('CB:message', { tag: 'message', attrs: { id: 'm3', from: '15550001@s.whatsapp.net' } });
  expect(handled).toEqual(['m3']);
  expect(sent).toEqual([]);
});
