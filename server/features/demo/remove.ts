// Removes the demo: its account, then each person of it by an erasure, then what is left of counts and events.
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

/** Removes everything of it; repeated, it goes on where it stopped. @throws AppError */
export async function removeDemo({ api, engineDb, pause }: Needs, accountId: string): Promise<void> {
  const gone = await api('DELETE', `/accounts/${accountId}`);
  if (gone.status !== 404) await done(Promise.resolve(gone));
  for (;;) {
    const { data } = await done(api('GET', `/conversations?account_id=${accountId}&limit=100`));
    if (data.length === 0) break;
    for (const { id, contact } of data) {
      const files = await filesIn(api, id);
      await removePerson(api, pause, accountId, id, contact.id);
      for (const file of files) await removeFile(api, file);
    }
  }
  const id = toUuid(accountId);
  await engineDb.transaction(async tx => {
    await forgetCounts(tx, id);
    await forgetEvents(tx, id);
    await hideDemo(tx, id);
  });
}

async function removePerson(
  api: Api,
  pause: Needs['pause'],
  accountId: string,
  conversationId: string,
  contactId: string,
): Promise<void> {
  const { data: all } = await done(api('GET', `/conversations?contact_id=${contactId}`));
  if (all.some((each: { account_id: string }) => each.account_id !== accountId))
    throw problem(
      'demo_rejected',
      `The contact ${contactId} of the demo has conversations with other accounts. Erase it first, or keep the demo.`,
    );
  for (let waited = 0; ; ) {
    await resolveUnknown(api, conversationId);
    const erased = await api('POST', `/contacts/${contactId}/erase`);
    if (erased.status < 300 || erased.status === 404) return;
    if (erased.status !== 409 || waited >= patienceMs) throw problem('demo_rejected', erased.body?.detail);
    const ms = waitOf(erased);
    await pause(ms);
    waited += ms;
  }
}

const waitOf = ({ retryAfter }: Answer): number =>
  Math.min(mostWaitMs, retryAfter === undefined ? usualWaitMs : retryAfter * 1_000);

/** An unknown outcome would be kept until somebody decides: nobody has to know it of the demo. */
async function resolveUnknown(api: Api, conversationId: string): Promise<void> {
  const { data } = await done(api('GET', `/messages?conversation_id=${conversationId}&status=unknown`));
  for (const { id } of data) {
    const { status, body } = await api('POST', `/messages/${id}/resolve`, { resolution: 'failed' });
    if (status >= 300 && status !== 409) throw problem('demo_rejected', body?.detail);
  }
}

/** The files that the account sent in a conversation. */
async function filesIn(api: Api, conversationId: string): Promise<Set<string>> {
  const query = 'direction=outbound&type=image,document,audio,video,sticker&limit=100';
  const { data } = await done(api('GET', `/messages?conversation_id=${conversationId}&${query}`));
  return new Set(data.flatMap((message: Message) => message[message.type]?.id ?? []));
}

// biome-ignore lint/suspicious/noExplicitAny: the field that the type names has the file
type Message = { type: string; [type: string]: any };

/** Deletes an upload of the demo; other files that somebody sent from its account stay. */
async function removeFile(api: Api, id: string): Promise<void> {
  const { status, body } = await api('GET', `/media/${id}`);
  if (status === 404 || !(await demoContents()).has(body?.sha256)) return;
  const gone = await api('DELETE', `/media/${id}`);
  // A message of another account may carry it.
  if (gone.status !== 404 && gone.status !== 409) await done(Promise.resolve(gone));
}
