// Removes the demo: its account, then each person of it by an erasure, then what is left of counts and events.
import type { Conversation, Media, Message, Page } from '@recado/contract';
import type { Database } from '../../kit/db/database.ts';
import { toUuid } from '../../kit/ids.ts';
import { hideDemo } from '../accounts/index.ts';
import { forgetEvents } from '../events/index.ts';
import { forgetCounts } from '../statistics/index.ts';
import { type Answer, type Api, done } from './api.ts';
import { problem } from './errors.ts';
import { demoContents } from './files.ts';

/** Calls in flight end within 15 seconds. */
const patienceMs = 25_000;
const usualWaitMs = 250;
const mostWaitMs = 1_000;

interface Needs {
  api: Api;
  engineDb: Pick<Database, 'transaction'>;
  pause: (ms: number) => Promise<void>;
}

/**
 * Removes everything of it; repeated, it goes on where it stopped.
 * @throws AppError before anything is removed, if one of its people has a conversation with another account
 */
export async function removeDemo({ api, engineDb, pause }: Needs, accountId: string): Promise<void> {
  for await (const { contact } of conversationsOf(api, accountId)) await demandNoOther(api, accountId, contact.id);
  const gone = await api('DELETE', `/accounts/${accountId}`);
  if (gone.status !== 404) await done(Promise.resolve(gone));
  for await (const { id, contact } of conversationsOf(api, accountId)) {
    const files = await filesIn(api, id);
    await demandNoOther(api, accountId, contact.id);
    await erasePerson(api, pause, id, contact.id);
    for (const file of files) await removeFile(api, file);
  }
  const id = toUuid(accountId);
  await engineDb.transaction(async tx => {
    await forgetCounts(tx, id);
    await forgetEvents(tx, id);
    await hideDemo(tx, id);
  });
}

async function* conversationsOf(api: Api, accountId: string): AsyncGenerator<Conversation> {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const path = `/conversations?account_id=${accountId}&limit=100${after}`;
    const { data, page } = await done(api<Page<Conversation>>('GET', path));
    yield* data;
    cursor = page.next_cursor;
  }
}

/** Erasing a person takes all conversations with them. @throws AppError if one is with another account */
async function demandNoOther(api: Api, accountId: string, contactId: string): Promise<void> {
  const { data } = await done(api<Page<Conversation>>('GET', `/conversations?contact_id=${contactId}`));
  if (data.every(each => each.account_id === accountId)) return;
  const remedy = 'has conversations with other accounts. Erase it first, or keep the demo.';
  throw problem('demo_rejected', `The contact ${contactId} of the demo ${remedy}`);
}

async function erasePerson(api: Api, pause: Needs['pause'], conversationId: string, contactId: string): Promise<void> {
  for (let waited = 0; ; ) {
    await resolveUnknown(api, conversationId);
    const erased = await api('POST', `/contacts/${contactId}/erase`);
    if (erased.status < 300 || erased.status === 404) return;
    if (erased.status !== 409 || waited >= patienceMs) throw problem('demo_rejected', erased.body.detail);
    const ms = waitOf(erased);
    await pause(ms);
    waited += ms;
  }
}

const waitOf = ({ retryAfter }: Answer<object>): number =>
  Math.min(mostWaitMs, retryAfter === undefined ? usualWaitMs : retryAfter * 1_000);

/** An unknown outcome would be kept until somebody decides. In the demo it matters to nobody. */
async function resolveUnknown(api: Api, conversationId: string): Promise<void> {
  const { data } = await done(api<Page<Message>>('GET', `/messages?conversation_id=${conversationId}&status=unknown`));
  for (const { id } of data) {
    const { status, body } = await api('POST', `/messages/${id}/resolve`, { resolution: 'failed' });
    if (status >= 300 && status !== 409) throw problem('demo_rejected', body.detail);
  }
}

/** The files that the account sent in a conversation. */
async function filesIn(api: Api, conversationId: string): Promise<Set<string>> {
  const query = 'direction=outbound&type=image,document,audio,video,sticker&limit=100';
  const { data } = await done(api<Page<Message>>('GET', `/messages?conversation_id=${conversationId}&${query}`));
  return new Set(data.flatMap(message => fileOf(message) ?? []));
}

const fileOf = ({ image, document, audio, video, sticker }: Message): string | null | undefined =>
  (image ?? document ?? audio ?? video ?? sticker)?.id;

/** Deletes an upload of the demo; other files that somebody sent from its account stay. */
async function removeFile(api: Api, id: string): Promise<void> {
  const { status, body } = await api<Media>('GET', `/media/${id}`);
  if (status === 404 || !(await demoContents()).has(body.sha256 ?? '')) return;
  const gone = await api('DELETE', `/media/${id}`);
  // A message of another account may carry it.
  if (gone.status !== 404 && gone.status !== 409) await done(Promise.resolve(gone));
}
