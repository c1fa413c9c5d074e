// Gives a letter to a channel. Each kind of channel has its form.
import type { AlertChannelKind, SendMessageBody } from '@recado/contract';
import type { Encrypter } from '../../kit/crypto/encryption.ts';
import { AppError } from '../../kit/errors.ts';
import { type Caller, callerByItself } from '../../kit/http/routes.ts';
import { toId } from '../../kit/ids.ts';
import type { GuardedPoster, PostAnswer } from '../../kit/net/guarded-post.ts';
import { GuardedFetchError } from '../../kit/net/guarded-request.ts';
import type { Mailer } from '../../ports/mail.ts';
import { signedHeaders } from '../webhooks/index.ts';
import type { AlertRow } from './alert.ts';
import { presentAlert } from './alert.ts';
import { type ChannelSettings, openSettings } from './channel.ts';
import type { ChannelRow } from './channel-store.ts';
import type { DeliveryRow } from './delivery-store.ts';
import type { Letter } from './letter.ts';

export interface SendNeeds {
  poster: Pick<GuardedPoster, 'post'>;
  mailer: Mailer | undefined;
  encrypter: Encrypter;
  /** Accepts a message of an account, as the person or key that made the channel. */
  accept: (caller: Caller, body: SendMessageBody, key: string) => Promise<unknown>;
  now: () => number;
}

/** What is sent, and to whom. */
export interface Parcel {
  channel: ChannelRow;
  delivery: DeliveryRow;
  letter: Letter;
  alerts: readonly AlertRow[];
  email: string | undefined;
}

const deadlineMs = 15_000;

/** Sends a parcel. Returns why the channel did not take it; undefined if it did. */
export async function send(needs: SendNeeds, parcel: Parcel): Promise<string | undefined> {
  try {
    return await senders[parcel.channel.kind](needs, parcel);
  } catch (error) {
    if (error instanceof GuardedFetchError) return error.message;
    if (error instanceof AppError && error.status < 500) return error.detail;
    throw error;
  }
}

type Sender = (needs: SendNeeds, parcel: Parcel) => Promise<string | undefined>;

const settingsOf = ({ encrypter }: SendNeeds, { channel }: Parcel): ChannelSettings => openSettings(encrypter, channel);

const wrong = ({ status, excerpt }: PostAnswer): string | undefined =>
  status >= 200 && status < 300 ? undefined : `${status} ${excerpt.slice(0, 200)}`.trim();

const postJson = (needs: SendNeeds, url: string, body: unknown, headers: Record<string, string> = {}) =>
  needs.poster.post(url, {
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    deadlineMs,
  });

const webhook: Sender = async (needs, parcel) => {
  const { url = '', secret = '' } = settingsOf(needs, parcel);
  const { delivery, alerts, letter } = parcel;
  const id = toId('alert_delivery', delivery.id);
  const seconds = Math.floor(needs.now() / 1_000);
  const body = {
    type: delivery.news === 'cleared' ? 'alert.cleared' : delivery.news === 'test' ? 'alert.test' : 'alert.firing',
    timestamp: new Date(needs.now()).toISOString(),
    data: { news: delivery.news, title: letter.title, link: letter.link, alerts: alerts.map(presentAlert) },
  };
  const text = JSON.stringify(body);
  const headers = { 'content-type': 'application/json', ...signedHeaders([secret], id, seconds, text) };
  return wrong(await needs.poster.post(url, { headers, body: text, deadlineMs }));
};

const slack: Sender = async (needs, parcel) => {
  const { url = '' } = settingsOf(needs, parcel);
  const { title, text, link } = parcel.letter;
  const section = (words: string) => ({ type: 'section', text: { type: 'mrkdwn', text: words.slice(0, 2_900) } });
  const blocks = [section(`*${title}*`), section(text), section(`<${link}|Open in Recado>`)];
  const answer = await postJson(needs, url, { text: title, blocks });
  return wrong(answer) && (answer.excerpt.slice(0, 200) || `${answer.status}`);
};

const telegram: Sender = async (needs, parcel) => {
  const { url = 'https://api.telegram.org', secret = '', chat_id } = settingsOf(needs, parcel);
  const { title, text, link } = parcel.letter;
  const body = { chat_id, text: `${title}\n\n${text}\n\n${link}`.slice(0, 4_000), disable_web_page_preview: true };
  return wrong(await postJson(needs, `${url.replace(/\/$/, '')}/bot${encodeURIComponent(secret)}/sendMessage`, body));
};

/** A header carries Latin letters only; ntfy decodes this form. */
const headerText = (text: string) => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;

const ntfy: Sender = async (needs, parcel) => {
  const { url = '', secret } = settingsOf(needs, parcel);
  const { title, text, link, critical } = parcel.letter;
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    title: headerText(title),
    priority: critical ? '5' : '3',
    click: link,
    ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
  };
  return wrong(await needs.poster.post(url, { headers, body: text, deadlineMs }));
};

const email: Sender = async ({ mailer }, { letter, email: to }) => {
  if (!mailer) return 'No mail server is set: see SMTP_URL.';
  if (to === undefined) return 'The person is no longer in the workspace.';
  const { title, text, link } = letter;
  const sent = await mailer.send({ to, subject: title, text: `${text}\n\n${link}\n` });
  return sent === 'sent' ? undefined : `The mail server did not take it (${sent}).`;
};

const whatsapp: Sender = async (needs, parcel) => {
  const { channel, delivery, letter } = parcel;
  const { template, recipients = [] } = settingsOf(needs, parcel);
  if (!template || channel.account_id === null || channel.created_by_kind === 'system') return 'It has no template.';
  const caller = callerByItself(channel.created_by_kind, channel.created_by, channel.workspace_id);
  // WhatsApp takes no line breaks in a variable.
  const text = `${letter.title}. ${letter.text}`.replaceAll(/\s+/g, ' ').slice(0, 900);
  const content = {
    ...{ name: template.name, language: { code: template.language } },
    components: [{ type: 'body', parameters: [{ type: 'text', text }] }],
  };
  for (const [place, to] of recipients.entries()) {
    const body = { account_id: toId('account', channel.account_id), to, type: 'template', template: content };
    await needs.accept(caller, body as SendMessageBody, `alert ${delivery.id} ${place}`);
  }
  return undefined;
};

const senders: Readonly<Record<AlertChannelKind, Sender>> = {
  app: async () => undefined,
  ...{ email, webhook, slack, telegram, ntfy, whatsapp },
};
