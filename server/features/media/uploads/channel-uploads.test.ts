// A file is uploaded to the channel once, even if an upload ends during the lookup.
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { Database } from '../../../kit/db/database.ts';
import { openLog } from '../../../kit/log.ts';
import { manualClock, realClock } from '../../../kit/time.ts';
import type { Channel, Channels, UploadOutcome } from '../../../ports/channel.ts';
import { StorageError, type StorageErrorCode } from '../../../ports/storage.ts';
import { channelUploads, type FileOrder } from './channel-uploads.ts';

/** All accounts have this channel. */
const only = (channel: Channel): Channels => ({
  routes: ['sandbox'],
  capabilitiesOf: () => undefined,
  of: async () => channel,
  renew: async () => {},
});

const file = {
  workspace_id: 'w',
  status: 'stored',
  sha256: 'a',
  size: 1,
  mime_type: 'image/png',
  file_name: null,
  converted_sha256: null,
};

const order = (messageId: string): FileOrder => ({
  messageId,
  accountId: 'c',
  channel: 'sandbox',
  numberId: '1',
  mediaId: 'm',
  kind: 'document',
});

test('an upload that ends during the lookup of another message is not repeated', async () => {
  let brought = 0;
  let kept: string | null = null;
  let looks = 0;
  let goOn = () => {};
  const looked = new Promise<void>(resolve => {
    goOn = resolve;
  });
  const query = async ({ texts }: { texts: readonly string[] }) => {
    if (texts[0]?.includes('insert into media_upload')) {
      kept = 'media 1';
      return [];
    }
    looks += 1;
    // The second lookup reads the state before the upload ended, and resolves only afterwards.
    const seen = { ...file, channel_media_id: kept };
    if (looks === 2) await looked;
    return [seen];
  };
  const channel = {
    async uploadMedia() {
      brought += 1;
      return { class: 'uploaded', channelMediaId: 'media 1', expiresAt: new Date(Date.now() + 86_400_000_000) };
    },
  };
  const uploads = channelUploads({
    db: { query } as unknown as Database,
    clock: realClock,
    log: openLog('silent'),
    channels: only(channel as unknown as Channel),
    read: async () => ({ content: Readable.from(['x']), size: 1 }),
    convert: async () => ({ outcome: 'impossible', title: '' }),
  });
  const first = await uploads.bring(order('one'));
  const second = uploads.bring(order('two'));
  if (first.state !== 'waiting') throw new Error(`the first is ${first.state}`);
  await first.ended;
  goOn();
  expect(await second).toMatchObject({ state: 'ready', channelMediaId: 'media 1' });
  expect(brought).toBe(1);
  await uploads.close();
});

/** Uploads that all get this response, and the result for two messages that wait for the first. */
async function refused(answer: UploadOutcome) {
  const clock = manualClock(Date.now());
  const channel = { uploadMedia: async () => answer };
  const uploads = channelUploads({
    db: { query: async () => [{ ...file, channel_media_id: null }] } as unknown as Database,
    clock,
    log: openLog('silent'),
    channels: only(channel as unknown as Channel),
    read: async () => ({ content: Readable.from(['x']), size: 1 }),
    convert: async () => ({ outcome: 'impossible', title: '' }),
  });
  const looks: boolean[] = [];
  for (const state of [await uploads.bring(order('one')), await uploads.bring(order('two'))]) {
    if (state.state !== 'waiting') throw new Error(`it is ${state.state}`);
    looks.push((await state.ended).lookAgain);
  }
  return { uploads, clock, looks };
}

test.each(['account_error', 'flagged', 'throttled'] as const)(
  'of an upload that is rejected as %s one message tells, and not when that is long over',
  async name => {
    const trouble = { class: name, code: '1', title: 'No.' };
    const soon = await refused(trouble);
    expect(soon.looks).toEqual([true, false]);
    expect(await soon.uploads.bring(order('one'))).toEqual({ state: 'failed', trouble });
    expect(await soon.uploads.bring(order('two'))).toMatchObject({ state: 'waiting' });
    await soon.uploads.close();
    const late = await refused(trouble);
    late.clock.advance(61_000);
    expect(await late.uploads.bring(order('one'))).toMatchObject({ state: 'waiting' });
    await late.uploads.close();
  },
);

test('an upload that is rejected for good fails every message that waits for it', async () => {
  const trouble = { class: 'rejected', code: '1', title: 'No.' } as const;
  const { uploads, looks } = await refused(trouble);
  expect(looks).toEqual([true, true]);
  for (const id of ['one', 'two']) expect(await uploads.bring(order(id))).toEqual({ state: 'failed', trouble });
  await uploads.close();
});

test('a message that waits for a store that does not give the file says so from the second look on', async () => {
  let code: StorageErrorCode = 'denied';
  const uploads = channelUploads({
    db: { query: async () => [{ ...file, channel_media_id: null }] } as unknown as Database,
    clock: realClock,
    log: openLog('silent'),
    channels: only({} as Channel),
    read: async () => {
      throw new StorageError(code, 'No.');
    },
    convert: async () => ({ outcome: 'impossible', title: '' }),
  });
  const waits = async () => {
    const state = await uploads.bring(order('one'));
    if (state.state !== 'waiting') throw new Error(`it is ${state.state}`);
    expect(await state.ended).toEqual({ lookAgain: false });
    return state.hindrance?.code;
  };
  expect(await waits()).toBeUndefined();
  code = 'unavailable';
  expect(await waits()).toBe('media_store_rejects');
  expect(await waits()).toBe('media_store_unavailable');
  await uploads.close();
});
