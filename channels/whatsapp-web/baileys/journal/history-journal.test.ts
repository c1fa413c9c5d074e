import { proto } from 'baileys';
import { expect, test } from 'vitest';
import { createHistoryJournal } from './history-journal.ts';
import type { JournalEntry } from './journal-entry.ts';

const { Type } = proto.Message.ProtocolMessage;
const recent = proto.HistorySync.HistorySyncType.RECENT;

const entryOf = (message: proto.IMessage): JournalEntry => {
  const encoded = proto.Message.encode(message).finish();
  return { attrs: {}, plaintext: Buffer.concat([encoded, Buffer.from([1])]).toString('base64') };
};
const part = (chunkOrder: number): JournalEntry =>
  entryOf({
    protocolMessage: {
      type: Type.HISTORY_SYNC_NOTIFICATION,
      historySyncNotification: { syncType: recent, chunkOrder },
    },
  });
const event = (chunkOrder: number) => ({ syncType: recent, chunkOrder });

test('an event settles the parts before it, and the last one if it contains it', () => {
  const journal = createHistoryJournal();
  for (const n of [1, 2, 3]) expect(journal.note(`key ${n}`, part(n))).toBe(true);
  expect(journal.settledBy(event(2))).toEqual(['key 1', 'key 2']);
  expect(journal.settledBy(event(2))).toEqual([]);
  expect(journal.settledBy(event(3))).toEqual(['key 3']);
  expect(journal.settledBy(event(3))).toEqual([]);
});

test('messages are no history', () => {
  expect(createHistoryJournal().note('key', entryOf({ conversation: 'Hello' }))).toBe(false);
});
