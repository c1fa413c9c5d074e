import { proto, type WAMessage, WAMessageStubType } from 'baileys';
import { expect, test } from 'vitest';
import { libraryItem, wantsHistory } from './library-messages.ts';

const book = { numberOf: async () => undefined, lidOf: async () => undefined };
const key = { id: 'M1', remoteJid: '15550001@s.whatsapp.net', fromMe: false };
const itemOf = (message: Partial<WAMessage>) =>
  libraryItem({ key, messageTimestamp: 1, ...message } as WAMessage, 'live', book);

test('a message is undecryptable if any part of it is', async () => {
  const item = await itemOf({ message: { conversation: 'Half' }, messageStubType: WAMessageStubType.CIPHERTEXT });
  expect(item).toMatchObject({ message: null, stub: 'CIPHERTEXT' });
});

test('what is written in a group is nothing', async () => {
  const group = { id: 'M1', remoteJid: '1@g.us', fromMe: false, participant: '5@lid' };
  expect(await itemOf({ key: group, message: { conversation: 'Hi all' } })).toBeUndefined();
  expect(await itemOf({ key: group, messageStubType: WAMessageStubType.CIPHERTEXT })).toBeUndefined();
});

test('what is not of people is nothing', async () => {
  const type = proto.Message.ProtocolMessage.Type.APP_STATE_SYNC_KEY_SHARE;
  expect(await itemOf({ message: { protocolMessage: { type } } })).toBeUndefined();
  expect(await itemOf({ messageStubType: WAMessageStubType.CALL_MISSED_VOICE })).toBeUndefined();
  expect(
    await itemOf({ key: { ...key, remoteJid: 'status@broadcast' }, message: { conversation: 'x' } }),
  ).toBeUndefined();
  expect(await itemOf({ message: { conversation: 'Hello' } })).toMatchObject({ message: { conversation: 'Hello' } });
});

test('recent history is taken if it is wanted, and all of it never', () => {
  const { RECENT, FULL, INITIAL_BOOTSTRAP, PUSH_NAME } = proto.HistorySync.HistorySyncType;
  expect([RECENT, FULL, INITIAL_BOOTSTRAP, PUSH_NAME].map(type => wantsHistory(7, type))).toEqual([
    true,
    false,
    true,
    true,
  ]);
  expect([RECENT, FULL, INITIAL_BOOTSTRAP, PUSH_NAME].map(type => wantsHistory(0, type))).toEqual([
    false,
    false,
    true,
    true,
  ]);
});
