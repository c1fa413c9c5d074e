// What becomes of a message whose file is in the way.
import { expect, test } from 'vitest';
import type { Database } from '../../kit/db/database.ts';
import { toId } from '../../kit/ids.ts';
import { openLog } from '../../kit/log.ts';
import { realClock } from '../../kit/time.ts';
import type { ChannelUploads } from '../media/index.ts';
import type { ClaimedMessage } from '../messages/index.ts';
import { outgoingFiles } from './outgoing-files.ts';

const uuid = '01a21893-bd8e-7bcf-a309-b08fea7fe682';
const message = { message_id: uuid, type: 'image', content: { id: toId('media', uuid) } } as unknown as ClaimedMessage;

const filesWith = (uploads: Partial<ChannelUploads>) =>
  outgoingFiles({
    db: {} as Database,
    clock: realClock,
    log: openLog('silent'),
    uploads: uploads as ChannelUploads,
    wake: () => {},
  });

test('one that waits says what the store does', async () => {
  const ended = Promise.resolve({ lookAgain: false });
  const hindrance = { code: 'media_store_rejects', title: 'No.' };
  for (const [given, code] of [
    [undefined, 'media_uploading'],
    [hindrance, 'media_store_rejects'],
  ] as const) {
    const files = filesWith({ bring: async () => ({ state: 'waiting', ended, hindrance: given }) });
    expect(await files.prepare(message, 'account')).toMatchObject({ instead: { class: 'file_pending', code } });
  }
});

test('a file that the channel does not know is brought there again, though the database was away for a moment', async () => {
  const files = filesWith({ forgetUploadId: () => Promise.reject(new Error('The database was away.')) });
  const outcome = { class: 'rejected', code: '131053', title: 'Unknown.', unknownMedia: true } as const;
  expect(await files.heard(outcome, 'account', ['media 1'])).toMatchObject({ class: 'file_expired', code: '131053' });
});
