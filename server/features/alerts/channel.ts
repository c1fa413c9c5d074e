// A channel: its settings, and how it is shown.
import type { AlertChannel, CreateAlertChannel, UpdateAlertChannel } from '@recado/contract';
import { type Encrypter, placeOf } from '../../kit/crypto/encryption.ts';
import { invalid } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import type { GuardedPoster } from '../../kit/net/guarded-post.ts';
import { GuardedFetchError } from '../../kit/net/guarded-request.ts';
import type { ChannelRow } from './channel-store.ts';
import { problem } from './errors.ts';

/** What is kept encrypted of a channel. */
export interface ChannelSettings {
  url?: string | undefined;
  secret?: string | undefined;
  chat_id?: string | undefined;
  template?: { name: string; language: string } | undefined;
  recipients?: string[] | undefined;
}

const placeOfSettings = (id: string) => placeOf('alert_channel', 'settings', id);

export const sealSettings = (encrypter: Encrypter, id: string, settings: ChannelSettings): string =>
  encrypter.encrypt(JSON.stringify(settings), placeOfSettings(id));

/** @throws DecryptionError */
export const openSettings = (encrypter: Encrypter, { id, settings }: ChannelRow): ChannelSettings =>
  settings === null ? {} : (JSON.parse(encrypter.open(settings, placeOfSettings(id))) as ChannelSettings);

const placeOfPing = (workspaceId: string) => placeOf('alert_setting', 'ping_url', workspaceId);
export const sealPing = (encrypter: Encrypter, workspaceId: string, url: string): string =>
  encrypter.encrypt(url, placeOfPing(workspaceId));
export const openPing = (encrypter: Encrypter, workspaceId: string, sealed: string): string =>
  encrypter.open(sealed, placeOfPing(workspaceId));

/** @throws AppError if Recado must not post to a link */
export function demandLink(poster: Pick<GuardedPoster, 'check'>, field: string, url: string): void {
  try {
    poster.check(url);
  } catch (error) {
    if (!(error instanceof GuardedFetchError)) throw error;
    const fields = [{ field, message: error.message }];
    throw problem('alert_link_rejected', `${field}: ${error.message}`, { fields, cause: error });
  }
}

/** @throws AppError if a link leads to a hook of this Recado: an alert about a message would send another message */
export function demandNoHook(publicUrl: string, url: string | undefined): void {
  if (url === undefined || !url.startsWith(`${publicUrl}/hooks/`)) return;
  const message = 'Must not be a hook of Recado. Make a channel of the kind whatsapp instead.';
  throw problem('alert_link_rejected', `url: ${message}`, { fields: [{ field: 'url', message }] });
}

const needed: Readonly<Record<CreateAlertChannel['kind'], readonly (keyof CreateAlertChannel)[]>> = {
  webhook: ['url'],
  slack: ['url'],
  ntfy: ['url'],
  telegram: ['secret', 'chat_id'],
  whatsapp: ['account_id', 'template', 'recipients'],
};

const secretRules: Partial<Record<CreateAlertChannel['kind'], { form: RegExp; message: string }>> = {
  telegram: {
    form: /^\d+:[\w-]{30,}$/,
    message: 'Must be the token of a bot: digits, a colon, and at least 30 letters, digits, - or _.',
  },
  ntfy: { form: /^[\x21-\x7e]+$/, message: 'Must have only letters of ASCII, digits and signs, without spaces.' },
};

/** @throws AppError if a secret cannot be one of the kind, such as a token that was copied in part */
function demandSecret(kind: CreateAlertChannel['kind'], secret: string): void {
  const rule = secretRules[kind];
  if (rule && !rule.form.test(secret)) throw invalid('secret', rule.message);
}

/** The settings of a channel after a change. @throws AppError where something is missing or not allowed */
export function changedSettings(
  poster: Pick<GuardedPoster, 'check'>,
  kind: CreateAlertChannel['kind'],
  before: ChannelSettings,
  body: UpdateAlertChannel,
): ChannelSettings {
  const { url, secret, chat_id, template, recipients } = body;
  if (url !== undefined) demandLink(poster, 'url', url);
  if (secret !== undefined) demandSecret(kind, secret);
  // Nobody may read the secret, so nobody may have it sent to a server of their own.
  const moves = url !== undefined && before.url !== undefined && new URL(url).origin !== new URL(before.url).origin;
  const kept = moves && kind !== 'webhook' ? { ...before, secret: undefined } : before;
  const given = Object.entries({ url, secret, chat_id, template, recipients }).filter(
    ([, value]) => value !== undefined,
  );
  return { ...kept, ...Object.fromEntries(given) };
}

/** @throws AppError where a setting is missing that the kind needs */
export function demandSettings(body: CreateAlertChannel): void {
  for (const field of needed[body.kind])
    if (body[field] === undefined) throw invalid(field, `A channel of the kind ${body.kind} needs it.`);
}

/** What people see of where a channel goes. */
export function targetOf(
  kind: ChannelRow['kind'],
  { url, chat_id, template, recipients }: ChannelSettings,
): string | null {
  if (kind === 'telegram') return `chat ${chat_id}`;
  if (kind === 'whatsapp') return `template ${template?.name}, ${recipients?.length} people`;
  if (url === undefined) return null;
  const { host, pathname } = new URL(url);
  return kind === 'ntfy' ? `${host}${pathname}` : host;
}

export const accountOf = (body: UpdateAlertChannel): string | undefined =>
  body.account_id === undefined ? undefined : toUuid(body.account_id);

export const presentChannel = (row: ChannelRow, hasMail: boolean): AlertChannel => ({
  id: toId('alert_channel', row.id),
  kind: row.kind,
  name: row.name,
  target: row.target,
  account_id: row.account_id === null ? null : toId('account', row.account_id),
  tells: row.tells,
  enabled: row.enabled,
  works: row.kind !== 'email' || hasMail,
  last_at: row.last_at?.toISOString() ?? null,
  failing_since: row.failing_since?.toISOString() ?? null,
  error: row.error,
  created_at: row.created_at.toISOString(),
});
