// Every sample webhook of tests/samples is posted as Meta would, and the table says what each becomes.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { metaPosts } from '../setup/meta-posts.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

const folder = fileURLToPath(new URL('../samples/webhooks/', import.meta.url));

/** A placeholder of Meta's documentation in place of a number names nobody, so the item waits for an operator. */
const placeholder = (side: string) => [`dead letter item_unreadable: ${side} is not a number`];

/** What each sample becomes. A dead letter has a reason that the facts give; nothing is ignored. */
const table: Record<string, string[]> = {
  'account-update-account-deleted': ['notice account_update', 'account disconnected'],
  'account-update-account-restriction': ['notice account_update', 'account needs_attention'],
  'account-update-account-violation': ['notice account_update', 'account needs_attention'],
  'account-update-ad-account-linked': ['notice account_update'],
  'account-update-authentication-international-eligibility': ['notice account_update'],
  'account-update-account-disabled': ['notice account_update'],
  'account-update-mm-api-for-wa-terms-of-service': ['notice account_update'],
  'account-update-partner-added': ['notice account_update'],
  'account-update-partner-app-installed': ['notice account_update'],
  'account-update-partner-app-uninstalled': ['notice account_update', 'account disconnected'],
  'account-update-partner-led-business-verification-status': ['notice account_update'],
  'account-update-partner-removed': ['notice account_update', 'account disconnected'],
  'account-update-partner-removed-wa-app-disconnection': ['notice account_update', 'account disconnected'],
  'account-update-primary-business-location-set': ['notice account_update'],
  'account-update-pricing-tiering-update': ['notice account_update'],
  'account-update-account-offboarded': ['notice account_update', 'account disconnected'],
  'account-update-account-reconnected': ['notice account_update'],
  'call-connect-business-initiated': ['inbound call'],
  'call-connect-user-initiated': ['inbound call'],
  'call-permission-update-accept': ['inbound interactive call_permission_reply, unread'],
  'call-permission-update-reject': ['inbound interactive call_permission_reply, unread'],
  'call-status-call-status': ['inbound call'],
  'call-terminate-call-terminate': ['inbound call, error 12455'],
  'callback-button-button': ['inbound interactive button_reply, unread'],
  'callback-button-quick-reply': ['inbound button, unread'],
  'callback-button-quick-reply-without-context': ['inbound button, unread'],
  'callback-selection-callback': ['inbound interactive list_reply, unread'],
  'callback-selection-description': ['inbound interactive list_reply, unread'],
  'deleted-message-revoke': placeholder('from'),
  // Its message is not here, so the new content is shown in the place of it.
  'edited-message-image': ['inbound image, unread, edited'],
  'flow-completion-completion': ['inbound interactive nfm_reply, unread'],
  'flow-completion-without-flow-token': ['inbound interactive nfm_reply, unread'],
  'message-text': ['inbound text, unread'],
  'message-image': ['inbound image, unread'],
  'message-media-with-url': ['inbound image, unread'],
  'message-video': ['inbound video, unread'],
  'message-document': ['inbound document, unread'],
  'message-audio': ['inbound audio, unread'],
  'message-voice': ['inbound audio, unread'],
  'message-static-sticker': ['inbound sticker, unread'],
  'message-animated-sticker': ['inbound sticker, unread'],
  'message-reaction': ['inbound reaction'],
  'message-unreaction-empty': ['inbound reaction'],
  'message-unreaction-no-emoji': ['inbound reaction'],
  'message-current-location': ['inbound location, unread'],
  'message-chosen-location': ['inbound location, unread'],
  'message-contacts': ['inbound contacts, unread'],
  'message-order': ['inbound order, unread'],
  'message-unsupported': ['inbound unsupported, unread, error 131051'],
  'message-unsupported-with-type': ['inbound unsupported, unread, error 131051'],
  'message-reply': ['inbound text, unread'],
  'message-forwarded': ['inbound text, unread'],
  'message-forwarded-many-times': ['inbound text, unread'],
  // It has no content. Meta says so in the error beside it.
  'message-interactive-message-with-err': ['inbound unsupported, unread, error 131000'],
  'message-referral': ['inbound text, unread, referral'],
  // No message of ours: a receipt waits for eight days for its message.
  'message-status-sent': ['receipt sent with a price'],
  'message-status-delivered': ['receipt delivered with a price'],
  'message-status-read': ['receipt read with a price'],
  'message-status-played': ['receipt played with a price'],
  'message-status-failed': ['receipt failed'],
  'message-status-with-tracker': ['receipt sent with a price'],
  'message-status-group': ['receipt read'],
  'outgoing-message-text': placeholder('to'),
  // The message that it deletes is not here.
  'outgoing-message-delete': ['outbound unsupported, from the phone, revoked'],
  'outgoing-message-edit': ['outbound text, from the phone, edited'],
  'system-phone-number-change': ['inbound system'],
  'system-identity-change': ['inbound system'],
  'template-category-update-marketing': ['notice template_category_update'],
  'template-components-update-element': ['notice message_template_components_update'],
  'template-quality-update-yellow': ['notice message_template_quality_update'],
  'template-status-update-approved': ['notice message_template_status_update'],
  'template-status-update-rejected': ['notice message_template_status_update'],
  'user-marketing-preferences-resume': ['notice user_preferences'],
  'user-marketing-preferences-signup': ['notice user_preferences'],
};

const nameOf = (file: string) => file.replace(/^\d+-pywa-/, '').replace('.json', '');
const files = readdirSync(folder)
  .filter(file => file.endsWith('.json'))
  .sort();

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openWorkspace();
  const { envelope, post } = metaPosts(() => scenario);
  // The number belongs to the business account of the samples.
  await post(envelope({ messages: [] }));
});
afterAll(() => scenario.close());

/** The sample for our number and its business account, with ids of its own: the samples repeat theirs. */
function bodyOf(file: string, fill: (text: string) => string = text => text): string {
  const body = JSON.parse(fill(readFileSync(`${folder}${file}`, 'utf8')));
  const suffix = `.${files.indexOf(file)}`;
  for (const entry of body.entry) {
    entry.id = '1';
    for (const { value } of entry.changes) {
      if (value.metadata) value.metadata.phone_number_id = scenario.account.phone_number_id;
      for (const list of ['messages', 'statuses', 'calls', 'message_echoes'])
        for (const item of value[list] ?? []) {
          item.id += suffix;
          for (const change of [item.edit, item.revoke]) if (change) change.original_message_id += suffix;
        }
    }
  }
  return JSON.stringify(body);
}

interface Seen {
  messages: number;
  events: number;
  letters: number;
}

const account = () => toUuid(scenario.account.id);

async function newest(): Promise<Seen> {
  const [row] = await scenario.sql<Seen>(
    `select (select coalesce(max(seq), 0) from message) as messages, (select coalesce(max(id), 0) from logged_event) as events,
      (select coalesce(max(id), 0) from dead_letter) as letters`,
  );
  return row as Seen;
}

/** What there is of the account since then, as the table says it. */
async function becameOf(file: string, since: Seen): Promise<string[]> {
  const rows = await scenario.sql<{ became: string }>(
    `select 'notice ' || (data->>'field') as became from event
       where type = 'account.notice_received' and account_id = $1 and id > $3
     union all select concat_ws(', ', direction || ' ' || type || coalesce(' ' || (content->>'type'), '')
         , case when status = 'received' then 'unread' end, 'from the ' || source, 'error ' || error_code
         , case when referral is not null then 'referral' end, case when edited_at is not null then 'edited' end
         , case when revoked_at is not null then 'revoked' end)
       from (select direction, type, case type when 'interactive' then content else '{}' end as content, status, source,
         error_code, referral, edited_at, revoked_at from message where account_id = $1 and seq > $2) m
     union all select 'receipt ' || status || case when pricing is not null then ' with a price' else '' end
       from orphan_receipt where account_id = $1 and channel_message_id like '%' || $5
     union all select 'dead letter ' || code || ': ' || reason from dead_letter where account_id = $1 and id > $4`,
    [account(), since.messages, since.events, since.letters, `.${files.indexOf(file)}`],
  );
  const { status } = (await scenario.api('GET', `/api/v1/accounts/${scenario.account.id}`)).body;
  if (status !== 'connected') {
    rows.push({ became: `account ${status}` });
    await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/resume`);
  }
  return rows.map(({ became }) => became);
}

async function posted(file: string, fill?: (text: string) => string): Promise<string[]> {
  const before = await newest();
  const { post } = metaPosts(() => scenario);
  expect((await post(bodyOf(file, fill))).status).toBe(200);
  return becameOf(file, before);
}

test('the table names every sample', () => {
  expect(files.map(nameOf).sort()).toEqual(Object.keys(table).sort());
  expect(files).toHaveLength(74);
});

test.each(files.map(file => [nameOf(file), file]))('%s', async (name, file) => {
  expect(await posted(file)).toEqual(table[name]);
});

test('the two with placeholders are read once a number stands there', async () => {
  const filled = (text: string) =>
    text
      .replaceAll('<WHATSAPP_USER_PHONE_NUMBER>', '972987654321')
      .replaceAll('<WHATSAPP_MESSAGE_ID>', 'wamid.filled')
      .replaceAll('<ORIGINAL_WHATSAPP_MESSAGE_ID>', 'wamid.filled-original')
      .replaceAll('<BSUID>', 'US.13491208655302741918')
      .replaceAll('<PARENT_BSUID>', 'US.ENT.11815799212886844830');
  const of = (name: string) => files.find(file => nameOf(file) === name) ?? '';
  const revoked = await posted(of('deleted-message-revoke'), filled);
  expect(revoked.filter(each => !each.startsWith('dead'))).toEqual(['inbound unsupported, revoked']);
  const echo = await posted(of('outgoing-message-text'), filled);
  expect(echo.filter(each => !each.startsWith('dead'))).toEqual(['outbound text, from the phone']);
});

test('all are shown: each message by the API, and no dead letter but those with placeholders', async () => {
  const list = (await scenario.api('GET', '/api/v1/messages?limit=100')).body;
  expect(list.data.length).toBeGreaterThan(40);
  for (const { id } of list.data) expect((await scenario.api('GET', `/api/v1/messages/${id}`)).status).toBe(200);
  const letters = (await scenario.api('GET', '/api/v1/dead-letters?limit=100')).body.data;
  expect(letters.map((each: { error: { title: string } }) => each.error.title).sort()).toEqual([
    'from is not a number',
    'to is not a number',
  ]);
});
