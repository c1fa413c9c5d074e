// One number in every place of a workspace where a number can stand, and the search for its digits in what callers get.
import { createHash, createHmac } from 'node:crypto';
import { sandboxBusiness } from '../../server/features/accounts/index.ts';
import { newUuid, toUuid } from '../../server/kit/ids.ts';
import { checked, done as imported, uploaded } from './import-files.ts';
import type { Scenario } from './scenario.ts';

/** The last seven digits of all these numbers, and of no others. */
const last = '2662345';
export const numbers = {
  phone: `+35191${last}`,
  merged: `+3491${last}`,
  before: `+551191${last}`,
  imported: `+35196${last}`,
  erased: `+35192${last}`,
  named: `+1202${last}`,
  dead: `+35193${last}`,
};
/** What a caller who sees no numbers sees instead. */
export const masked = `•••${last.slice(-4)}`;
/** The number in the notations that names have. */
export const names = [
  numbers.phone,
  numbers.phone.slice(1),
  `+1 (202) ${last.slice(0, 3)}-${last.slice(3)}`,
  `00351.91.${last}`,
  `\u202a+351\u00a091${last.slice(0, 1)}\u2011${last.slice(1, 4)}\u2011${last.slice(4)}\u202c`,
];

const runs = /\+?\(?\d(?:[\s().\u00a0\u2000-\u202f-]*\d){6,}/g;

/** Whether a text has the digits of one of the numbers, in any notation, in an id of Meta's, or as a hash. */
export function tells(text: string, workspaceId: string): boolean {
  const plain = decoded(text);
  const encoded = [...plain.matchAll(/[\w+/]{16,}={0,2}/g)].map(([part]) =>
    Buffer.from(part, 'base64').toString('latin1'),
  );
  const hashes = Object.values(numbers).map(each =>
    createHash('sha256').update(`${workspaceId} ${each}`).digest('hex'),
  );
  return (
    Object.values(numbers).some(each => [plain, ...encoded].some(part => part.includes(each.slice(1)))) ||
    hashes.some(hash => plain.includes(hash)) ||
    [...plain.matchAll(runs)].some(
      ({ 0: run, index }) =>
        // Within a longer word it is part of an id.
        !/\w/.test(plain[index - 1] ?? '') &&
        !/\w/.test(plain[index + run.length] ?? '') &&
        run.replaceAll(/\D/g, '').endsWith(last),
    )
  );
}

/** A text with the characters that JSON and URLs escape. */
const decoded = (text: string): string =>
  text
    .replaceAll(/\\u([0-9a-f]{4})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll(/%2B/gi, '+')
    .replaceAll(/%20/g, ' ');

/**
 * Fills the workspace of a scenario: returns the names of the places, in order. What people wrote as a text is none:
 * messages, notes, reasons, references, metadata and values of their own fields.
 */
export async function fillPlaces(scenario: Scenario, hears: { personId: string }): Promise<string[]> {
  const places: string[] = [];
  const { account } = scenario;
  const [{ workspace_id: workspaceId = '' } = {}] = await scenario.sql<{ workspace_id: string }>(
    'select workspace_id from account where id = $1',
    [toUuid(account.id)],
  );
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await scenario.api(method, `/api/v1${path}`, body);
    if (answer.status >= 300) throw new Error(`${method} ${path} was answered with ${answer.status} ${answer.text}`);
    return answer.body;
  };
  const writes = async (phone: string, body: object) => {
    const answer = await fetch(`${scenario.simulator.url}/phones/${phone}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to: account.phone_number_id, ...body }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    await scenario.settle();
  };
  const text = (body: string) => ({ type: 'text', text: { body } });
  const put = async (place: string, work: () => Promise<unknown>) => {
    await work();
    places.push(place);
  };

  await put('the sender of a message', () => writes(numbers.phone, text('Is it ready?')));
  const contact = (await call('GET', `/contacts?phone=${encodeURIComponent(numbers.phone)}`)).data[0];
  const thread = { account_id: account.id, to: numbers.phone };
  const conversation = await call('POST', '/conversations', thread);
  for (const [index, name] of names.entries())
    await put(`the name of a contact, notation ${index + 1}`, () => call('POST', '/contacts', { name }));
  await put('the name of a contact with a number', () => call('PATCH', `/contacts/${contact.id}`, { name: names[2] }));
  await put('a second number, after a merge', async () => {
    const other = await call('POST', '/contacts', { phone: numbers.merged });
    await call('POST', `/contacts/${contact.id}/merge`, { other_id: other.id });
  });
  await put('the notice of a changed number, the former and the new one', async () => {
    await writes(numbers.before, text('Hello'));
    await writes(numbers.before, { type: 'number_change', number_change: { number: numbers.named } });
  });
  await put('the recipient of a message', () => call('POST', '/messages', { ...thread, ...text('Tomorrow.') }));
  await put('the recipient of a scheduled message', () =>
    call('POST', '/messages', { ...thread, ...text('Later.'), send_at: later() }),
  );
  await put('a recipient of a batch', () =>
    call('POST', '/messages/batch', { messages: [{ ...thread, ...text('All.') }] }),
  );
  await put('a failed message', async () => {
    scenario.simulator.setFault(() => 'window-closed');
    await call('POST', '/messages', { ...thread, ...text('Lost.') }).finally(() => scenario.settle());
    scenario.simulator.setFault(null);
  });
  await put('an opt-out and its ledger', () =>
    call('POST', '/opt-outs', { to: numbers.phone, category: 'marketing', reason: 'Asked.' }),
  );
  await put('a consent', () =>
    call('POST', '/consents', { to: numbers.phone, category: 'marketing', legal_basis: 'contract', wording: 'Yes.' }),
  );
  await put('a suggestion of an opt-out', () => writes(numbers.phone, text('please stop sending me this')));
  await put('the ledger of an erased person, as a hash', async () => {
    const gone = await call('POST', '/contacts', { phone: numbers.erased });
    await call('POST', '/opt-outs', { to: numbers.erased, category: 'all', reason: 'Asked.' });
    await call('POST', `/contacts/${gone.id}/erase`);
  });
  await put('the file and the rows of an import', async () => {
    const file = `name,phone\n${numbers.imported.slice(1)},${numbers.imported}\n,${numbers.imported}9999999\n`;
    const { id } = await uploaded(scenario, file);
    await checked(scenario, id, { default_country: 'PT' });
    await imported(scenario, id, 'run');
  });
  const list = await call('POST', '/segments', {
    name: 'Everybody',
    kind: 'list',
    filter: { match: { all: [{ field: 'created', op: 'within_days', value: 2 }] } },
  });
  await put('the people of a list', () => call('POST', '/segments/count', { segment_id: list.id }));
  await put('a condition of a segment', () =>
    call('POST', '/segments', {
      name: 'Named',
      kind: 'filter',
      filter: { match: { all: [{ field: 'name', op: 'is', value: numbers.phone }] } },
    }),
  );
  await put('the recipients and the preview of a campaign, with the number as a variable', async () => {
    const campaign = await call('POST', '/campaigns', {
      name: 'Fair',
      account_ids: [account.id],
      include: [{ segment_id: list.id }],
      variants: [
        {
          share: 100,
          message: {
            type: 'text',
            text: { body: 'Is {{ number }} of {{ who }} yours?' },
            variables: { number: { from: 'built_in', value: 'phone' }, who: { from: 'built_in', value: 'name' } },
          },
        },
      ],
    });
    await scenario.sql(
      `insert into campaign_recipient (campaign_id, contact_id, number, account_id, due_at, state, kept)
       values ($1, $2, 1, $3, now(), 'pending', $4)`,
      [toUuid(campaign.id), toUuid(contact.id), toUuid(account.id), JSON.stringify({ phone: numbers.phone })],
    );
  });
  await put('the search of a saved view', () =>
    call('POST', '/saved-views', { name: 'One', scope: 'workspace', filter: { search: numbers.phone } }),
  );
  await put('the conversations of a job', () =>
    call('POST', '/conversation-jobs', {
      action: 'assign',
      person_id: hears.personId,
      filter: { search: numbers.phone },
    }),
  );
  await put('a notification of a conversation', async () => {
    await call('POST', `/conversations/${conversation.id}/assign`, { person_id: hears.personId });
    await writes(numbers.phone, text('Anybody?'));
  });
  await put('a notification of a mention', () =>
    call('POST', `/conversations/${conversation.id}/notes`, { body: 'Who knows?', mentions: [hears.personId] }),
  );
  await put('a dead letter and its webhook', async () => {
    const value = {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '1', phone_number_id: account.phone_number_id },
      messages: [{ from: numbers.dead.slice(1), id: 'wamid.dead', timestamp: 'never', ...text('Hello') }],
    };
    const id = sandboxBusiness(workspaceId);
    const raw = JSON.stringify({
      object: 'whatsapp_business_account',
      entry: [{ id, changes: [{ field: 'messages', value }] }],
    });
    const signature = createHmac('sha256', scenario.secrets.appSecret).update(raw).digest('hex');
    const headers = { 'x-hub-signature-256': `sha256=${signature}` };
    await scenario.as(undefined)('POST', '/webhooks/whatsapp/sandbox', raw, headers);
    await scenario.settle();
  });
  await put('a call of a hook', () =>
    scenario.sql(
      `with made as (insert into hook (id, workspace_id, name, hash, token_end, account_id, contacts, tells_resolved,
           group_s, limit_n, limit_s, created_by_kind, created_by, created_at)
         values ($1, $3, 'hook', $5, 'abcd', $4, $6, true, 30, 20, 3600, 'api_key', $1, now()) returning id)
       insert into hook_call (id, hook_id, workspace_id, account_id, at, title, outcome)
         select $2, id, $3, $4, now(), $7, 'sent' from made`,
      [
        newUuid(),
        newUuid(),
        workspaceId,
        toUuid(account.id),
        Buffer.alloc(32, 1),
        [toUuid(contact.id)],
        `Down: ${numbers.phone}`,
      ],
    ),
  );
  await put('the request log', () => call('GET', `/messages?phone=${encodeURIComponent(numbers.phone)}`));
  await put('the audit log', () =>
    scenario.sql(
      `insert into audit_entry (workspace_id, at, actor_kind, action, detail) values ($1, now(), 'system', 'test.made', $2)`,
      [workspaceId, JSON.stringify({ note: numbers.phone })],
    ),
  );
  await put('the phone of the Sandbox', () =>
    call('GET', `/accounts/${account.id}/phones/${encodeURIComponent(numbers.phone)}`),
  );
  // No places, but objects that the routes show.
  await call('POST', '/teams', { name: 'Lisbon' });
  await call('POST', '/saved-replies', { shortcut: 'open', title: 'Hours', body: 'We are open.', scope: 'workspace' });
  await scenario.settle();
  return places;
}

const later = () => new Date(Date.now() + 3_600_000 * 24).toISOString();
