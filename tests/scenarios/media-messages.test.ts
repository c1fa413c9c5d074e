// Files in messages, with failures at each step.
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { MediaFaultName } from '@recado/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../server/app/config/config.ts';
import { openStores } from '../../server/app/storage.ts';
import { storedKey } from '../../server/kit/http/idempotency.ts';
import { newUuid, toId, toUuid } from '../../server/kit/ids.ts';
import { storageKey } from '../../server/ports/storage.ts';
import { type Actor, end, launchNode, until } from '../faults/processes.ts';
import { anyNumber, becomes, fileOf, makers, png, sendFile, sha256, write } from '../setup/media-files.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

/** What a scenario needs to put files in and to look at what is kept. */
async function openFiles(scenario: Scenario) {
  const stores = await openStores(readConfig(scenario.env));
  const storage = await stores.open('disk');
  const [{ workspace_id: workspaceId } = { workspace_id: '' }] = await scenario.sql<{ workspace_id: string }>(
    'select workspace_id from membership limit 1',
  );
  return {
    spoolFolder: join(scenario.dataDir, 'media-spool'),
    async upload(bytes: Buffer, type: string, fields: Record<string, string> = {}): Promise<string> {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      form.set('file', new Blob([Uint8Array.from(bytes)], { type }), 'menu');
      const answer = await fetch(`${scenario.recado.url}/api/v1/media`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await scenario.token()}` },
        body: form,
      });
      expect(answer.status).toBe(201);
      return ((await answer.json()) as { id: string }).id;
    },
    stored: async (sha: string) => buffer((await storage.read(storageKey(workspaceId, sha))).content),
    damage: (sha: string, bytes: Uint8Array) =>
      writeFile(join(scenario.dataDir, 'media', workspaceId, sha.slice(0, 2), sha), bytes),
    async contents(): Promise<string[]> {
      const found: string[] = [];
      for await (const { key } of storage.list()) found.push(key);
      return found;
    },
    close: stores.close,
  };
}

type Files = Awaited<ReturnType<typeof openFiles>>;

describe('files of ours', () => {
  let scenario: Scenario;
  let files: Files;
  beforeAll(async () => {
    scenario = await startScenario();
    files = await openFiles(scenario);
    await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, {
      limits: { rate: { messages: 10_000, seconds: 1 }, per_day: null },
    });
  });
  afterAll(async () => {
    await files.close();
    await scenario.close();
  });
  const uploads = (bytes: Buffer) =>
    scenario.simulator.media.entries().filter(each => each.source === 'uploaded' && each.sha256 === sha256(bytes));

  test('the items of a batch leave in their order, though a file takes longer to check than a text', async () => {
    const image = { id: await files.upload(makers.image.make(), 'image/jpeg') };
    const to = anyNumber();
    const item = (more: object) => ({ account_id: scenario.account.id, to, ...more });
    const pair = [item({ type: 'image', image }), item({ type: 'text', text: { body: 'the caption' } })];
    const answer = await scenario.api('POST', '/api/v1/messages/batch', { messages: [...pair, ...pair] });
    expect(answer.body.accepted).toBe(4);
    const ids = answer.body.results.map((result: { message: { id: string } }) => toUuid(result.message.id));
    const rows = await scenario.sql<{ id: string }>('select id from message where id = any ($1) order by seq', [ids]);
    expect(rows.map(({ id }) => id)).toEqual(ids);
  });

  test('an outbound message shows its file with the fields of an inbound one, until the file is deleted', async () => {
    const id = await files.upload(makers.document.make(), 'application/pdf');
    const { body: accepted } = await sendFile(scenario, 'document', { id, caption: 'Menu', filename: 'menu.pdf' });
    const content = { id, link: null, caption: 'Menu', filename: 'menu.pdf' };
    expect(accepted.document).toEqual({ ...content, media: null });
    await becomes(scenario, accepted.id, 'read');
    const file = (await scenario.api('GET', `/api/v1/media/${id}`)).body;
    const { status, mime_type, size, filename, error, width, height, has_thumbnail } = file;
    const media = { id, status, mime_type, size, filename, error, width, height, has_thumbnail };
    const shown = { ...content, media };
    expect((await scenario.message(accepted.id)).document).toEqual(shown);
    const listed = await scenario.api('GET', `/api/v1/messages?conversation_id=${accepted.conversation_id}`);
    expect(listed.body.data.map((each: { document: unknown }) => each.document)).toEqual([shown]);
    expect((await scenario.api('DELETE', `/api/v1/media/${id}`)).status).toBe(204);
    expect((await scenario.message(accepted.id)).document).toEqual({ ...content, media: null });
  });

  test('many messages with one content bring it to the channel once', async () => {
    const bytes = makers.image.make();
    const [one, other] = [await files.upload(bytes, 'image/jpeg'), await files.upload(bytes, 'image/jpeg')];
    const sent = await Promise.all(
      Array.from({ length: 30 }, (_, n) => sendFile(scenario, 'image', { id: n % 2 ? one : other })),
    );
    for (const { body } of sent) await becomes(scenario, body.id, 'read');
    expect(uploads(bytes)).toHaveLength(1);
  });

  test('one content as files of two types is brought to the channel as each of them', async () => {
    const bytes = makers.video.make();
    for (const [kind, type] of [
      ['video', 'video/mp4'],
      ['audio', 'audio/mp4'],
    ] as const) {
      const id = await files.upload(bytes, type);
      for (let each = 0; each < 2; each++)
        await becomes(scenario, (await sendFile(scenario, kind, { id })).body.id, 'read');
    }
    expect(uploads(bytes).map(each => each.mime_type)).toEqual(['video/mp4', 'audio/mp4']);
  });

  test('what cannot be sent so is rejected with its field', async () => {
    const document = await files.upload(makers.document.make(), 'application/pdf');
    const other = await scenario.stranger();
    const refused = async (content: object, field: string, call = scenario.api, account = scenario.account.id) => {
      const answer = await call('POST', '/api/v1/messages', {
        account_id: account,
        to: anyNumber(),
        type: 'image',
        image: content,
      });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ field }] } });
    };
    await refused({ id: document }, 'image.id');
    await refused({ id: toId('media', newUuid()) }, 'image.id');
    await refused({ id: 'med_no' }, 'image.id');
    await refused({}, 'image');
    await refused({ id: document, link: 'https://example.com/a.jpg' }, 'image');
    // Another workspace's.
    const image = await files.upload(makers.image.make(), 'image/jpeg');
    await refused({ id: image }, 'image.id', other.api, other.account.id);
    // A document may be what an image cannot.
    const sent = await sendFile(scenario, 'document', { id: document });
    await becomes(scenario, sent.body.id, 'read');
  });

  test('a repeat gets the first response, in any state of the file', async () => {
    const id = await files.upload(makers.image.make(), 'image/jpeg');
    const body = { account_id: scenario.account.id, to: anyNumber(), type: 'image', image: { id } };
    const key = { 'idempotency-key': 'with a file' };
    const first = await scenario.api('POST', '/api/v1/messages', body, key);
    await becomes(scenario, first.body.id, 'read');
    await scenario.sql('delete from media where id = $1', [toUuid(id)]);
    const second = await scenario.api('POST', '/api/v1/messages', body, key);
    expect(second).toMatchObject({ status: 202, text: first.text });
    // After a day it is another request.
    await scenario.sql(`update idempotency set created_at = created_at - interval '25 hours' where key = $1`, [
      storedKey('with a file'),
    ]);
    const third = await scenario.api('POST', '/api/v1/messages', body, key);
    expect(third).toMatchObject({ status: 400, body: { errors: [{ field: 'image.id' }] } });
  });

  test('a file that is gone fails its message, and so does one that the channel refuses for good', async () => {
    await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/pause`);
    const [lost, unwanted] = [makers.image.make(), makers.image.make()];
    const gone = await sendFile(scenario, 'image', { id: await files.upload(lost, 'image/jpeg') });
    const refused = await sendFile(scenario, 'image', { id: await files.upload(unwanted, 'image/jpeg') });
    await scenario.sql('delete from media where id = $1', [toUuid(gone.body.image.id)]);
    await scenario.sql(`update media set mime_type = 'image/x-icon' where id = $1`, [toUuid(refused.body.image.id)]);
    await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/resume`);
    expect(await becomes(scenario, gone.body.id, 'failed')).toMatchObject({ error: { code: 'media_gone' } });
    expect(await becomes(scenario, refused.body.id, 'failed')).toMatchObject({ error: { code: '100' } });
  });

  test('a file that is damaged in the store is not sent, nor anything made of it', async () => {
    const [image, picture] = [makers.image.make(), await png()];
    const ids = [await files.upload(image, 'image/jpeg'), await files.upload(picture, 'image/png')];
    await files.damage(sha256(image), image.subarray(0, -1));
    await files.damage(sha256(picture), Buffer.from(picture).fill(1, 50));
    const sent = [
      await sendFile(scenario, 'image', { id: ids[0] }),
      await sendFile(scenario, 'sticker', { id: ids[1] }),
    ];
    for (const { body } of sent)
      expect(await becomes(scenario, body.id, 'failed')).toMatchObject({ error: { code: 'media_gone' } });
    expect(uploads(image)).toEqual([]);
  });
});

describe('as time goes by', () => {
  let scenario: Scenario;
  let files: Files;
  beforeAll(async () => {
    scenario = await startScenario({ clock: 'manual', channelDeadlineMs: 5_000 });
    files = await openFiles(scenario);
    await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, {
      limits: { rate: { messages: 10_000, seconds: 1 }, per_day: null },
    });
  });
  afterEach(() => scenario.simulator.setMediaFault(null));
  afterAll(async () => {
    await files.close();
    await scenario.close();
  });
  const uploads = (bytes: Buffer) =>
    scenario.simulator.media.entries().filter(each => each.source === 'uploaded' && each.sha256 === sha256(bytes));
  const seconds = (n: number) => n * 1_000;

  /** Plays faults in turn at one step, and counts the calls of it. */
  function play(at: string, ...faults: (MediaFaultName | null)[]) {
    let calls = 0;
    scenario.simulator.setMediaFault(({ step }) => (step === at ? (faults[calls++] ?? null) : null));
    return () => calls;
  }

  test('uploads are deleted after some days, with their content, unless a message needs them', async () => {
    const days = 86_400_000;
    const set = (media_days: number | null) =>
      scenario.api('PATCH', '/api/v1/workspace', { retention: { media_days } });
    expect((await set(10)).body.retention).toEqual({ messages_days: null, media_days: 10 });
    const [old, needed, young] = [makers.image.make(), makers.image.make(), makers.image.make()];
    const oldId = await files.upload(old, 'image/jpeg');
    const neededId = await files.upload(needed, 'image/jpeg');
    const later = { send_at: new Date(scenario.clock.now() + 30 * days).toISOString() };
    expect((await sendFile(scenario, 'image', { id: neededId }, later)).status).toBe(202);
    await scenario.advance(9 * days);
    const youngId = await files.upload(young, 'image/jpeg');
    const status = async (id: string) => (await scenario.api('GET', `/api/v1/media/${id}`)).status;
    expect(await status(oldId)).toBe(200);
    await scenario.advance(2 * days);
    const kept = async () => (await files.contents()).map(key => key.split('/')[1]);
    while ((await status(oldId)) !== 404 || (await kept()).includes(sha256(old))) await scenario.advance(601_000);
    expect(await status(neededId)).toBe(200);
    expect(await status(youngId)).toBe(200);
    expect(await kept()).toEqual(expect.arrayContaining([sha256(needed), sha256(young)]));
    await set(null);
  });

  test('while a file cannot be brought to the channel its message waits, says so, and holds nothing up', async () => {
    const bytes = makers.video.make();
    const id = await files.upload(bytes, 'video/mp4');
    // A store that cannot be reached.
    await scenario.sql(`update media_content set store = 's3' where sha256 = $1`, [sha256(bytes)]);
    const to = anyNumber();
    const first = await sendFile(scenario, 'video', { id }, { to });
    await scenario.settle();
    const behind = await scenario.send(to);
    const elsewhere = await scenario.send();
    await scenario.settle();
    expect(await scenario.message(first.body.id)).toMatchObject({
      status: 'queued',
      waiting: { reason: 'file_pending' },
      attempts: [{ class: 'file_pending', code: 'media_uploading' }],
    });
    expect(await scenario.message(behind.id)).toMatchObject({
      status: 'queued',
      waiting: { reason: 'conversation_order' },
    });
    expect((await scenario.message(elsewhere.id)).status).toBe('read');
    // Neither a try of the message nor a call by the rate.
    const [row] = await scenario.sql<{ tries: number }>(
      'select failed_attempts as tries from open_message where id = $1',
      [toUuid(first.body.id)],
    );
    expect(row?.tries).toBe(0);
    await scenario.advance(seconds(31));
    // The second look is a minute after the first.
    for (const [wait, attempts] of [
      [0, 2],
      [31, 2],
      [30, 3],
    ] as const) {
      await scenario.advance(seconds(wait));
      expect((await scenario.message(first.body.id)).attempts).toHaveLength(attempts);
    }
    await scenario.sql(`update media_content set store = 'disk' where sha256 = $1`, [sha256(bytes)]);
    await scenario.advance(seconds(121));
    await becomes(scenario, first.body.id, 'read');
    await becomes(scenario, behind.id, 'read');
    const entries = scenario.simulator.ledger.entries().map(entry => entry.type);
    expect(entries.lastIndexOf('video')).toBeLessThan(entries.lastIndexOf('text'));
    expect(uploads(bytes)).toHaveLength(1);
  });

  test('an upload is used for 29 days, and one that the channel forgot is repeated', async () => {
    const bytes = makers.image.make();
    const id = await files.upload(bytes, 'image/jpeg');
    const send = async () => becomes(scenario, (await sendFile(scenario, 'image', { id })).body.id, 'read');
    await send();
    await scenario.advance(seconds(86_400));
    await send();
    expect(uploads(bytes)).toHaveLength(1);
    const [first] = uploads(bytes);
    const removed = await fetch(`${scenario.simulator.url}/v25.0/${first?.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${scenario.secrets.accessToken}` },
    });
    expect(removed.status).toBe(200);
    const again = await send();
    expect(again.attempts[0]).toMatchObject({ class: 'file_expired', code: '100' });
    expect(uploads(bytes)).toHaveLength(2);
    await scenario.advance(seconds(30 * 86_400));
    await send();
    expect(uploads(bytes)).toHaveLength(3);
  });

  test('a failed upload uses up a try, and is made again by the policy of the account', async () => {
    const bytes = makers.image.make();
    const calls = play('upload', 'server-error', 'cut');
    const sent = await sendFile(scenario, 'image', { id: await files.upload(bytes, 'image/jpeg') });
    const tries = async () =>
      (
        await scenario.sql<{ tries: number }>('select failed_attempts as tries from open_message where id = $1', [
          toUuid(sent.body.id),
        ])
      )[0]?.tries;
    for (const n of [1, 2]) {
      while ((await tries()) !== n) await scenario.settle();
      expect(await scenario.message(sent.body.id)).toMatchObject({ status: 'queued', waiting: { reason: 'retry' } });
      await scenario.advance(seconds(15));
    }
    const message = await becomes(scenario, sent.body.id, 'read');
    expect(message.attempts.map((each: { class: string }) => each.class)).toEqual([
      'file_pending',
      'not_sent',
      'file_pending',
      'not_sent',
      'file_pending',
      'accepted',
    ]);
    expect(calls()).toBe(3);
  });

  test('a message that failed at WhatsApp and is sent again by hand gets a new upload', async () => {
    const bytes = makers.image.make();
    const id = await files.upload(bytes, 'image/jpeg');
    const sent = await sendFile(scenario, 'image', { id }, { to: '+12025550131' });
    for (const tries of [1, 2]) {
      while ((await scenario.message(sent.body.id)).status !== 'failed') {
        await scenario.settle();
        scenario.clock.advance(1);
      }
      expect(uploads(bytes)).toHaveLength(tries);
      if (tries === 1) expect((await scenario.api('POST', `/api/v1/messages/${sent.body.id}/retry`)).status).toBe(202);
    }
  });

  test('what WhatsApp refuses to take for long fails the message when its tries are used up', async () => {
    play('upload', ...Array.from({ length: 20 }, () => 'server-error' as const));
    const sent = await sendFile(scenario, 'image', { id: await files.upload(makers.image.make(), 'image/jpeg') });
    for (;;) {
      await scenario.advance(seconds(30));
      const message = await scenario.message(sent.body.id);
      if (message.status !== 'failed') continue;
      expect(message.error).toMatchObject({ code: '131000' });
      break;
    }
  });

  test.each<[string, MediaFaultName, string | undefined]>([
    ['describe', 'server-error', '131000'],
    ['download', 'server-error', '131000'],
    ['download', 'forbidden', undefined],
    ['download', 'rate-limited', '130429'],
    ['download', 'cut', 'broken_off'],
    ['download', 'stalled', 'broken_off'],
    ['download', 'wrong-hash', 'hash_mismatch'],
    ['describe', 'wrong-size', 'broken_off'],
    ['download', 'slow', undefined],
  ])('a received file comes after %s: %s', async (step, fault, code) => {
    play(step, fault);
    const bytes = makers.document.make();
    const look = await write(scenario, 'document', bytes, { filename: 'menu.pdf' });
    const first = await look();
    if (code === undefined) {
      expect(fileOf(first)).toMatchObject({ status: 'stored' });
      return;
    }
    expect(first).toMatchObject({ status: 'received' });
    expect(fileOf(first)).toMatchObject({ status: 'pending', filename: 'menu.pdf', error: { code } });
    await scenario.advance(seconds(8));
    expect(fileOf(await look())).toMatchObject({ status: 'pending' });
    await scenario.advance(seconds(2));
    const file = fileOf(await look());
    expect(file).toMatchObject({ status: 'stored', size: bytes.length });
    expect(file?.error).toBeNull();
    expect((await files.stored(sha256(bytes))).equals(bytes)).toBe(true);
    expect(await readdir(files.spoolFolder)).toEqual([]);
  });

  /** Moves the clock from try to try until nothing is to be fetched any more. */
  async function untilGivenUp(): Promise<void> {
    const dueAt = async () =>
      (await scenario.sql<{ due_at: Date }>(`select due_at from media where status = 'pending'`))[0]?.due_at.getTime();
    for (let due = await dueAt(); due !== undefined; due = await dueAt())
      await scenario.advance(Math.max(1, due - scenario.clock.now()));
  }

  test('one that never comes fails after eight tries within a day, and a person can have it fetched again', async () => {
    const bytes = makers.image.make();
    const calls = play('describe', ...Array.from({ length: 20 }, () => 'server-error' as const));
    const look = await write(scenario, 'image', bytes);
    // It does not delay other messages.
    scenario.simulator.setMediaFault(null);
    const other = await write(scenario, 'image', makers.image.make());
    expect(fileOf(await other())).toMatchObject({ status: 'stored' });
    const again = play('describe', ...Array.from({ length: 20 }, () => 'server-error' as const));
    const begun = scenario.clock.now();
    await untilGivenUp();
    expect(scenario.clock.now() - begun).toBeLessThan(86_400_000);
    expect(calls() + again()).toBe(8);
    const failed = await look();
    expect(failed).toMatchObject({ status: 'received' });
    expect(fileOf(failed)).toMatchObject({ status: 'failed', error: { code: '131000' } });
    expect(failed.events.at(-1)).toMatchObject({ type: 'media.failed', data: { code: '131000' } });

    scenario.simulator.setMediaFault(null);
    const path = `/api/v1/media/${fileOf(failed)?.id}/retry`;
    const other2 = await scenario.stranger();
    expect((await other2.api('POST', path)).status).toBe(404);
    expect(await scenario.api('POST', path)).toMatchObject({ status: 202, body: { status: 'pending' } });
    await scenario.settle();
    expect(fileOf(await look())).toMatchObject({ status: 'stored' });
    expect(await scenario.api('POST', path)).toMatchObject({ status: 409, body: { code: 'media_not_fetched' } });
  });

  test('one whose address the channel does not know any more is expired', async () => {
    play('download', 'expired', 'expired', 'expired');
    const look = await write(scenario, 'audio', makers.audio.make());
    expect(await look()).toMatchObject({ status: 'received' });
    expect(fileOf(await look())).toMatchObject({ status: 'expired' });
    expect((await look()).events.at(-1)).toMatchObject({ type: 'media.expired' });
  });

  test('an id that the channel does not know, or may not show us, is asked for again before it is expired', async () => {
    const bytes = makers.image.make();
    play('describe', 'gone');
    const look = await write(scenario, 'image', bytes);
    expect(fileOf(await look())).toMatchObject({ status: 'pending', error: { code: '100' } });
    await scenario.advance(seconds(11));
    expect(fileOf(await look())).toMatchObject({ status: 'stored', size: bytes.length });

    const calls = play('describe', ...Array.from({ length: 20 }, () => 'gone' as const));
    const never = await write(scenario, 'image', makers.image.make());
    await untilGivenUp();
    expect(calls()).toBe(8);
    expect(fileOf(await never())).toMatchObject({ status: 'expired', error: { code: '100' } });
    expect((await never()).events.at(-1)).toMatchObject({ type: 'media.expired' });
  });

  test('the same message once more makes no second file', async () => {
    const bytes = makers.image.make();
    await write(scenario, 'image', bytes);
    const [payload] = await scenario.sql<{ app: string; lane_key: string; body: Buffer }>(
      'select app, lane_key, body from inbound_payload order by id desc limit 1',
    );
    await scenario.sql('insert into inbound_payload (app, lane_key, body, received_at) values ($1, $2, $3, now())', [
      payload?.app,
      payload?.lane_key,
      payload?.body,
    ]);
    await scenario.advance(seconds(1));
    const [open] = await scenario.sql<{ n: number }>(
      'select count(*)::int as n from inbound_payload where processed_at is null',
    );
    expect(open?.n).toBe(0);
    const [count] = await scenario.sql<{ n: number }>('select count(*)::int as n from media where sha256 = $1', [
      sha256(bytes),
    ]);
    expect(count?.n).toBe(1);
  });

  test('what a deleted account had left to fetch is given up', async () => {
    const made = await scenario.api('POST', '/api/v1/accounts', { name: 'Short-lived', channel: 'sandbox' });
    play('describe', 'server-error');
    const look = await write(scenario, 'image', makers.image.make(), { to: made.body.phone_number_id });
    expect(fileOf(await look())).toMatchObject({ status: 'pending' });
    expect((await scenario.api('DELETE', `/api/v1/accounts/${made.body.id}`)).status).toBe(204);
    await scenario.advance(seconds(2));
    expect(fileOf(await look())).toMatchObject({ status: 'failed', error: { code: 'account_deleted' } });
  });
});

describe('a worker that is killed', () => {
  let scenario: Scenario;
  let files: Files;
  const workers: Actor[] = [];
  beforeAll(async () => {
    scenario = await startScenario({ clock: 'manual', roles: 'api', delays: { slow: 60_000 } });
    files = await openFiles(scenario);
  });
  afterAll(async () => {
    for (const worker of workers) await end(worker);
    await files.close();
    await scenario.close();
  });

  /** A worker as a process of its own, by the real clock. */
  function startWorker(): Actor {
    const worker = launchNode('server/dist/app/main.js', '/', { ...scenario.env, ROLES: 'worker' });
    workers.push(worker);
    return worker;
  }

  /** Resolves at the first call of this step, which then does not end for a long while. */
  const atStep = (wanted: string) =>
    new Promise<void>(resolve => {
      scenario.simulator.setMediaFault(({ step }) => {
        if (step !== wanted) return null;
        resolve();
        return wanted === 'download' ? 'stalled' : 'slow';
      });
    });

  // First, while the scenario's clock is that of the world.
  test('in the middle of an upload: its message was released, and is sent once', async () => {
    const reached = atStep('upload');
    const bytes = makers.image.make();
    const { body } = await sendFile(scenario, 'image', { id: await files.upload(bytes, 'image/jpeg') });
    startWorker();
    await reached;
    await until('the message waits for its file', 30, async () => {
      const message = await scenario.message(body.id);
      return message.status === 'queued' && message.attempts[0]?.class === 'file_pending';
    });
    await end(workers.at(-1));
    scenario.simulator.setMediaFault(null);
    scenario.clock.advance(300_000);
    const other = await scenario.node('worker');
    const message = await becomes(scenario, body.id, 'read', other);
    expect(message.attempts.map((each: { class: string }) => each.class)).toEqual([
      'file_pending',
      'file_pending',
      'accepted',
    ]);
    expect(scenario.simulator.ledger.summary()).toMatchObject({ entries: 1, duplicated: 0 });
    await other.close();
  });

  test('in the middle of fetching: another one fetches the file, and it is stored once', async () => {
    const reached = atStep('download');
    const bytes = makers.document.make();
    startWorker();
    const look = await write(scenario, 'document', bytes);
    await reached;
    await until('half of the file is in the spool', 30, async () => (await readdir(files.spoolFolder)).length === 1);
    await end(workers.at(-1));
    scenario.simulator.setMediaFault(null);
    expect(fileOf(await look())).toMatchObject({ status: 'pending' });
    scenario.clock.advance(300_000);
    const other = await scenario.node('worker');
    await until('it is fetched', 60, async () => {
      // As long as the killed one's connection is there, it is the one that sweeps.
      await other.sweeper?.sweep();
      await other.engine.idle();
      return fileOf(await look())?.status !== 'pending';
    });
    expect(fileOf(await look())).toMatchObject({ status: 'stored', size: bytes.length });
    expect(await readdir(files.spoolFolder)).toEqual([]);
    expect((await files.contents()).filter(key => key.endsWith(sha256(bytes)))).toHaveLength(1);
    await other.close();
  });
});
