// Removes the demo: its account, then each person of it by an erasure, then what is left of counts and events.
import type { Media, Message, Page } from '@recado/contract';
import type { Database, Queryable } from '../../kit/db/database.ts';
import { toId } from '../../kit/ids.ts';
import { endDemo } from '../accounts/index.ts';
import { forgetEvents } from '../events/index.ts';
import { forgetCounts } from '../statistics/index.ts';
import { type Answer, type Api, done } from './api.ts';
import { contactsOf, type DemoContact } from './contacts-store.ts';
import { contentsOf } from './contents.ts';
import { problem } from './errors.ts';
import { demoContents } from './files.ts';

/** Calls in flight end within 15 seconds. */
const patienceMs = 25_000;
const usualWaitMs = 100;
const mostWaitMs = 1_000;
/** People that are erased at once. */
const atOnce = 6;

interface Needs {
  api: Api;
  /** The workspace of the caller. */
  mine: Queryable;
  engineDb: Pick<Database, 'transaction'>;
  pause: (ms: number) => Promise<void>;
}

/**
 * Removes the account and its made-up people; repeated, it goes on where it stopped. Others stay, with the account as a
 * deleted one, unless they are to be erased too.
 */
export async function removeDemo(needs: Needs, accountId: string, others: 'keep' | 'erase'): Promise<void> {
  const { api, mine, engineDb } = needs;
  const gone = await api('DELETE', `/accounts/${toId('account', accountId)}`);
  if (gone.status !== 404) await done(Promise.resolve(gone));
  const { own, others: strangers } = await contentsOf(mine, accountId);
  // A message that WhatsApp told before may still be stored meanwhile, and bring another person.
  for (let left = others === 'erase' ? [...own, ...strangers] : own; left.length > 0; ) {
    const work = async () => {
      for (let next = left.shift(); next; next = left.shift()) await removePerson(needs, next);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    left = (await contentsOf(mine, accountId)).own;
  }
  const isEmpty = (await contactsOf(mine, accountId)).length === 0;
  await engineDb.transaction(async tx => {
    if (isEmpty) {
      await forgetCounts(tx, accountId);
      await forgetEvents(tx, accountId);
    }
    await endDemo(tx, accountId, isEmpty);
  });
}

/** Erasing a person takes all conversations with them. */
async function removePerson({ api, pause }: Needs, { id, conversation_id: conversation }: DemoContact): Promise<void> {
  const conversationId = toId('conversation', conversation);
  const files = await filesIn(api, conversationId);
  await erasePerson(api, pause, conversationId, toId('contact', id));
  for (const file of files) await removeFile(api, file);
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
