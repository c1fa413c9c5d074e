// What the calls of a session mean for a message, with a scripted session.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { SessionCall } from '@recado/whatsapp-web';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallResult, LiveSessions } from '../../../ports/gateway.ts';
import { type AccountKnowledge, whatsAppWeb } from './channel.ts';
import { webMessageId } from './message-id.ts';

const token = '0192f000-0000-7000-8000-000000000002';
const outgoing = { numberId: 'n', to: '+12025550123', type: 'text', content: { body: 'Hi' } } as const;
const file = { kind: 'image', mediaKey: 'k', url: 'https://mmg.whatsapp.net/1', mimeType: 'image/png' } as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recado-web-'));
});
afterAll(() => rm(folder, { recursive: true }));

const nothing: AccountKnowledge = {
  findRecipient: async () => undefined,
  findMessage: async () => undefined,
  readTogether: async () => ({ to: '', keys: [] }),
  linkedAt: async () => undefined,
};

type Reply = CallResult<SessionCall> | ((args: never) => Promise<CallResult<SessionCall>>);

/** The channel over a session that gives this answer, and the calls that it got. */
function channelOver(
  reply: Reply,
  { isOpen = true, deadlineMs = 5_000, knowledge = {} as Partial<AccountKnowledge> } = {},
) {
  const calls: { name: SessionCall; args: unknown }[] = [];
  const sessions = {
    isOpen: () => isOpen,
    call: async (_: string, name: SessionCall, args: unknown) => {
      calls.push({ name, args });
      return typeof reply === 'function' ? reply(args as never) : reply;
    },
  } as LiveSessions;
  const channel = whatsAppWeb({
    sessions,
    accountId: 'a',
    folder,
    deadlineMs,
    knowledge: { ...nothing, ...knowledge },
  });
  return { channel, calls };
}

const answered = (result: object) => ({ ok: true, result }) as CallResult<SessionCall>;
const failed = (code: 'not_open' | 'process_lost') => ({ ok: false, code, message: 'Why.' }) as CallResult<SessionCall>;

test.each<[string, CallResult<SessionCall>, object]>([
  [
    'an acknowledgement',
    answered({ class: 'accepted', phone: undefined }),
    { class: 'accepted', channelMessageId: webMessageId(token) },
  ],
  [
    'another number',
    answered({ class: 'accepted', phone: '+12025550124' }),
    { class: 'accepted', channelMessageId: webMessageId(token), phone: '+12025550124' },
  ],
  ['a session that is not open', failed('not_open'), { class: 'not_open', title: 'Why.' }],
  [
    'a connection that closed before',
    answered({ class: 'not_sent', code: 'not_connected', title: 'Closed.' }),
    { class: 'not_open', title: 'Closed.' },
  ],
  [
    'another obstacle before',
    answered({ class: 'not_sent', code: 'number_not_checked', title: 'No.' }),
    { class: 'not_sent', code: 'number_not_checked', title: 'No.' },
  ],
  [
    'a process that died',
    failed('process_lost'),
    { class: 'unknown', code: 'session_lost', title: 'The session ended during the call.' },
  ],
  [
    'no acknowledgement',
    answered({ class: 'unknown', code: 'no_ack', title: 'Late.' }),
    { class: 'unknown', code: 'no_ack', title: 'Late.' },
  ],
  [
    'nobody there',
    answered({ class: 'rejected', code: 'not_on_whatsapp', title: 'x' }),
    { class: 'rejected', code: 'not_on_whatsapp', title: 'The number is not on WhatsApp.' },
  ],
  [
    'a code that we do not know',
    answered({ class: 'rejected', code: '499', title: 'Refused.' }),
    { class: 'rejected', code: '499', title: 'Refused.' },
  ],
])('the outcome of %s', async (_, reply, outcome) => {
  const { channel, calls } = channelOver(reply);
  expect(await channel.send(outgoing, token)).toEqual(outcome);
  expect(calls).toMatchObject([{ name: 'send', args: { messageId: webMessageId(token), to: '+12025550123' } }]);
});

test('without an open session nothing is called', async () => {
  const { channel, calls } = channelOver(answered({}), { isOpen: false });
  expect(await channel.send(outgoing, token)).toMatchObject({ class: 'not_open' });
  expect(await channel.markRead('n', 'IN1')).toBe('try_again');
  expect(calls).toEqual([]);
});

test('a send that takes too long may have arrived', async () => {
  const { channel } = channelOver(() => new Promise<never>(() => {}), { deadlineMs: 5 });
  expect(await channel.send(outgoing, token)).toMatchObject({ class: 'unknown', code: 'timeout' });
});

test('a link that is too new is told with its date', async () => {
  const reply = answered({ class: 'rejected', code: '463', title: 'x' });
  const linkedAt = async () => new Date('2026-11-20T08:00:00Z');
  expect(await channelOver(reply, { knowledge: { linkedAt } }).channel.send(outgoing, token)).toEqual({
    class: 'rejected',
    code: '463',
    title: 'This link is too new for people who never wrote. It was linked on 2026-11-20.',
  });
  expect(await channelOver(reply).channel.send(outgoing, token)).toMatchObject({
    title: 'This link is too new for people who never wrote.',
  });
});

test('a quote knows whose message it is and what it said', async () => {
  const findMessage = async () => ({ isOurs: true, text: 'earlier' });
  const { channel, calls } = channelOver(answered({ class: 'accepted' }), { knowledge: { findMessage } });
  await channel.send({ ...outgoing, target: 'Q1' }, token);
  expect(calls).toMatchObject([{ args: { target: { id: 'Q1', fromMe: true, text: 'earlier' } } }]);
});

test('a file is uploaded from the folder, named by what WhatsApp says, and sent by that name', async () => {
  let seen = '';
  const { channel, calls } = channelOver(async ({ path }: { path?: string }) => {
    if (path === undefined) return answered({ class: 'accepted' });
    seen = await readFile(path, 'utf8');
    return answered({ class: 'uploaded', file });
  });
  const upload = { mimeType: 'image/png', fileName: 'a.png', kind: 'image', isVoice: false } as const;
  const answer = await channel.uploadMedia('n', { ...upload, stream: Readable.from(['abc']), size: 3 });
  expect(seen).toBe('abc');
  expect(await readdir(folder)).toEqual([]);
  expect(answer).toMatchObject({ class: 'uploaded', channelMediaId: JSON.stringify(file) });
  await channel.send({ ...outgoing, type: 'image', content: { id: JSON.stringify(file) } }, token);
  expect(calls[1]).toMatchObject({ name: 'send', args: { file } });
  const longer = await channel.uploadMedia('n', { ...upload, stream: Readable.from(['abcd']), size: 3 });
  expect(longer).toMatchObject({ class: 'not_sent', code: 'media_not_read' });
  expect(await readdir(folder)).toEqual([]);
});

test('a fetched file is read from the folder and removed; a file elsewhere is not read', async () => {
  const path = join(folder, 'web-1');
  await writeFile(path, 'abc');
  const found = {
    class: 'found',
    path,
    size: 3,
    mimeType: 'image/png',
    sha256: Buffer.alloc(32, 1).toString('base64'),
  };
  const { channel, calls } = channelOver(answered(found));
  const fetched = await channel.fetchMedia(JSON.stringify(file));
  expect(fetched).toMatchObject({ class: 'found', size: 3, mimeType: 'image/png', sha256: '01'.repeat(32) });
  expect(calls).toMatchObject([{ name: 'fetch', args: { file, maxBytes: 16 * 1024 * 1024 } }]);
  if (fetched.class === 'found') expect(await text(fetched.stream)).toBe('abc');
  await expect.poll(() => readdir(folder)).toEqual([]);
  const elsewhere = channelOver(answered({ ...found, path: '/etc/hostname' })).channel;
  expect(await elsewhere.fetchMedia(JSON.stringify(file))).toMatchObject({ class: 'try_again', code: 'file_missing' });
  expect(await channel.fetchMedia('no file')).toMatchObject({ class: 'rejected' });
});

test('what was read together is marked together, and typing is shown only if asked for', async () => {
  const keys = [
    { channelMessageId: 'IN2', chat: '12@g.us 34@lid' },
    { channelMessageId: 'IN1', chat: '56@lid' },
  ];
  const readTogether = async () => ({ to: '+12025550123', keys });
  const { channel, calls } = channelOver({ ok: true, result: 'done' }, { knowledge: { readTogether } });
  expect(await channel.markRead('n', 'IN2')).toBe('done');
  expect(calls).toEqual([
    {
      name: 'markRead',
      args: {
        keys: [
          { id: 'IN2', remoteJid: '12@g.us', fromMe: false, participant: '34@lid' },
          { id: 'IN1', remoteJid: '56@lid', fromMe: false, participant: undefined },
        ],
      },
    },
  ]);
  expect(await channel.markRead('n', 'IN2', true)).toBe('done');
  expect(calls.at(-1)).toEqual({ name: 'showTyping', args: { to: '+12025550123', isTyping: true } });
});
