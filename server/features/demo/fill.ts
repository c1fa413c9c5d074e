// Plays the conversations of the demo: people write on simulated phones, and the account sends by the API.
import { Readable } from 'node:stream';
import type { Media, Message, Page } from '@recado/contract';
import type { Pause } from '../../kit/async/background-tasks.ts';
import { type ChatPlace, presentScreen, type Simulator } from '../sandbox/index.ts';
import { type Api, done, FormFile } from './api.ts';
import { bytesOf, mimeTypes } from './files.ts';
import { type DemoPerson, type FileName, people, type Step } from './people.ts';

const stepMs = 150;
/** A step that waits on purpose, or fails late, does not delay the next ones. */
const patienceMs = 6_000;
const day = 86_400_000;

interface Stage {
  api: Api;
  simulator: Simulator;
  account: { id: string; phone_number_id: string };
  pause: Pause;
  isOver: () => boolean;
}

/** Plays all conversations, beside each other. Ends early when the demo is removed. */
export async function fillDemo(stage: Stage): Promise<void> {
  const played = await Promise.allSettled(people.map(person => play(stage, person)));
  const failure = played.find(each => each.status === 'rejected');
  if (failure && !stage.isOver()) throw failure.reason;
}

async function play(stage: Stage, person: DemoPerson): Promise<void> {
  const place = { number: person.phone, numberId: stage.account.phone_number_id };
  if (person.reads === false) await stage.simulator.change(place, { auto_read: false });
  for (const step of person.steps) {
    if (stage.isOver()) return;
    await perform(stage, person, place, step);
  }
}

async function perform(stage: Stage, person: DemoPerson, place: ChatPlace, step: Step): Promise<void> {
  const { simulator } = stage;
  const write = async (message: Record<string, unknown>) =>
    arrived(stage, await simulator.write(place, { ...message, profile_name: person.name }));
  if ('person' in step) return write({ type: 'text', text: { body: step.person } });
  if ('personRaw' in step) return write(step.personRaw);
  if ('personFile' in step) return sendFile(stage, place, step);
  if ('personReacts' in step) {
    const message = await newestOnPhone(stage, place, () => true);
    return message && write({ type: 'reaction', reaction: { message_id: message.id, emoji: step.personReacts } });
  }
  if ('personChooses' in step) {
    const message = await newestOnPhone(stage, place, ({ choices }) => choices !== null);
    const option = message?.choices?.options.find(({ title }) => title === step.personChooses);
    if (!message || !option) return;
    const type = message.choices?.kind === 'list' ? 'list_reply' : 'button_reply';
    return write({ type, [type]: { message_id: message.id, id: option.id } });
  }
  return send(stage, person.phone, step);
}

async function sendFile(
  stage: Stage,
  place: ChatPlace,
  { personFile, caption, voice }: Extract<Step, { personFile: FileName }>,
): Promise<void> {
  const bytes = await bytesOf(personFile);
  const mimeType = mimeTypes[personFile];
  const file = { stream: Readable.from([bytes]), size: bytes.length, mimeType, fileName: personFile };
  const [kind] = mimeType.split('/');
  const type = mimeType === 'image/webp' ? 'sticker' : kind === 'audio' ? 'audio' : 'image';
  await arrived(stage, await stage.simulator.sendFile(place, file, { type, caption, voice }));
}

/** Sends a message of the account, and waits until it is on the phone or has failed. */
async function send(stage: Stage, to: string, step: Step): Promise<void> {
  const { api, account } = stage;
  const { id } = await done(
    api<Message>('POST', '/messages', { account_id: account.id, to, ...(await contentOf(api, step)) }),
  );
  if ('inDays' in step) return;
  await until(stage, async () => {
    const { status } = await done(api<Message>('GET', `/messages/${id}`));
    return !['queued', 'sending', 'sent'].includes(status);
  });
}

async function contentOf(api: Api, step: Step): Promise<object> {
  if ('content' in step) return step.content;
  if ('file' in step) {
    const upload = new FormFile(step.file, mimeTypes[step.file], await bytesOf(step.file));
    const { id } = await done(api<Media>('POST', '/media', upload));
    return { type: step.type, [step.type]: { id, ...(step.caption && { caption: step.caption }) } };
  }
  const text = { type: 'text', text: { body: 'text' in step ? step.text : '' } };
  return 'inDays' in step ? { ...text, send_at: new Date(Date.now() + step.inDays * day).toISOString() } : text;
}

/** Waits until a message of the person is in the inbox. */
const arrived = (stage: Stage, channelMessageId: string): Promise<void> =>
  until(stage, async () => {
    const path = `/messages?channel_message_id=${encodeURIComponent(channelMessageId)}`;
    return (await done(stage.api<Page<Message>>('GET', path))).data.length > 0;
  });

type Shown = ReturnType<typeof presentScreen>['messages'][number];

async function newestOnPhone(
  stage: Stage,
  place: ChatPlace,
  fits: (message: Shown) => boolean,
): Promise<Shown | undefined> {
  let found: Shown | undefined;
  await until(stage, async () => {
    const { messages } = presentScreen(await stage.simulator.chat(place));
    found = messages.findLast(message => message.from === 'account' && fits(message));
    return found !== undefined;
  });
  return found;
}

async function until({ pause, isOver }: Stage, isSo: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < patienceMs && !isOver(); waited += stepMs) {
    if (await isSo()) return;
    if (!(await pause(stepMs))) return;
  }
}
