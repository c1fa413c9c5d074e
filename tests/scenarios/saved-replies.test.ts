// Saved replies: own ones and those of the workspace, with checked variables and templates, files that stay, and a count of uses.
import { type SavedReply, savedReplyPage, savedReplySchema } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { pdf, upload } from '../setup/media-files.ts';
import { join } from '../setup/people.ts';
import type { Call, Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openWorkspace();
});
afterAll(() => scenario?.close());

const reply = { shortcut: 'return', title: 'Return at the shop', body: 'Hi {{contact.first_name|there}}, bring it.' };
const save = (body: object, call: Call = scenario.api) => call('POST', '/api/v1/saved-replies', { ...reply, ...body });
const list = async (query = '', call: Call = scenario.api): Promise<SavedReply[]> =>
  savedReplyPage.parse((await call('GET', `/api/v1/saved-replies${query}`)).body).data;
const shortcuts = async (query = '', call: Call = scenario.api) => (await list(query, call)).map(each => each.shortcut);

test('a shortcut is unique in its scope, and who writes messages has own replies', async () => {
  const leo = await join(scenario, 'agent');
  const shared = savedReplySchema.parse((await save({ scope: 'workspace' })).body);
  const own = savedReplySchema.parse((await save({}, leo.api)).body);
  expect([shared.scope, own.scope, own.created_by.id]).toEqual(['workspace', 'personal', leo.id]);
  expect(await save({ scope: 'workspace' })).toMatchObject({ status: 409, body: { code: 'saved_reply_taken' } });
  expect((await save({ scope: 'workspace', shortcut: 'x' }, leo.api)).status).toBe(403);
  expect((await leo.api('PATCH', `/api/v1/saved-replies/${shared.id}`, { title: 'No' })).status).toBe(403);
  expect((await scenario.api('GET', `/api/v1/saved-replies/${own.id}`)).status).toBe(404);
  // Each use moves a reply up, for everybody who sees it.
  expect((await leo.api('POST', `/api/v1/saved-replies/${shared.id}/use`)).status).toBe(204);
  expect((await list('', leo.api)).map(({ id, uses }) => [id, uses])).toEqual([
    [shared.id, 1],
    [own.id, 0],
  ]);
  expect((await save({ shortcut: 'hours', title: 'Opening hours' }, leo.api)).status).toBe(201);
  const taken = await leo.api('PATCH', `/api/v1/saved-replies/${own.id}`, { shortcut: 'hours' });
  expect(taken.body.code).toBe('saved_reply_taken');
  expect(await shortcuts('?search=opening', leo.api)).toEqual(['hours']);
  expect((await leo.api('DELETE', `/api/v1/saved-replies/${own.id}`)).status).toBe(204);
  expect(await shortcuts('?scope=personal', leo.api)).toEqual(['hours']);
  const viewer = await join(scenario, 'viewer');
  expect((await save({}, viewer.api)).status).toBe(403);
  // Of own replies nobody else hears.
  const { data } = (await scenario.api('GET', '/api/v1/events?types=saved_reply.*&limit=100')).body;
  expect(data.map((event: { type: string; data: object }) => [event.type, event.data])).toEqual([
    ['saved_reply.created', { saved_reply_id: shared.id, shortcut: 'return' }],
  ]);
});

test('a reply and a view of a team are for its members and those who manage them, and go with the team', async () => {
  const [ana, leo] = [await join(scenario, 'agent'), await join(scenario, 'agent')];
  const made = await scenario.api('POST', '/api/v1/teams', { name: 'Lisbon', members: [{ person_id: ana.id }] });
  const ofTeam = { scope: 'team', team_id: made.body.id };
  for (const [body, status] of [
    [{ scope: 'team' }, 400],
    [{ team_id: made.body.id }, 400],
    [{ ...ofTeam, team_id: 'tea_00000000000000000000000000' }, 400],
  ] as const)
    expect(await save({ ...body, shortcut: 'team' })).toMatchObject({
      status,
      body: { errors: [{ field: 'team_id' }] },
    });
  expect((await save(ofTeam, ana.api)).status).toBe(403);
  // The shortcut is free in the team, whoever else has it.
  const reply = savedReplySchema.parse((await save({ ...ofTeam, shortcut: 'return' })).body);
  expect(reply).toMatchObject(ofTeam);
  expect((await save({ ...ofTeam, shortcut: 'return' })).body.code).toBe('saved_reply_taken');
  const view = (call: Call, body: object) => call('POST', '/api/v1/saved-views', { name: 'Ours', filter: {}, ...body });
  expect((await view(ana.api, ofTeam)).status).toBe(403);
  const saved = await view(scenario.api, ofTeam);
  expect(saved).toMatchObject({ status: 201, body: ofTeam });
  const seen = async ({ api: call }: { api: Call }) => [
    (await list('?scope=team', call)).map(({ id }) => id),
    (await call('GET', '/api/v1/saved-views')).body.data.map(({ id }: { id: string }) => id),
    (await call('GET', `/api/v1/saved-replies/${reply.id}`)).status,
  ];
  expect(await seen(ana)).toEqual([[reply.id], [saved.body.id], 200]);
  expect(await seen(leo)).toEqual([[], [], 404]);
  expect(await seen(scenario)).toEqual([[reply.id], [saved.body.id], 200]);
  expect((await ana.api('PATCH', `/api/v1/saved-replies/${reply.id}`, { title: 'No' })).status).toBe(403);
  await scenario.api('DELETE', `/api/v1/teams/${made.body.id}`);
  expect(await seen(scenario)).toEqual([[], [], 404]);
});

test('a text with an unknown variable is rejected, with the one that was meant', async () => {
  await scenario.api('POST', '/api/v1/contact-fields', { key: 'order', name: 'Order', type: 'text' });
  expect((await save({ shortcut: 'bad', body: 'Order {{field.ordr}}.' })).body).toMatchObject({
    code: 'invalid_request',
    errors: [{ field: 'body', message: '{{field.ordr}} is not known. Use {{field.order}}.' }],
  });
  const { body } = await save({
    shortcut: 'order',
    body: 'Order {{field.order}} of {{account.name}}, {{agent.name}}.',
  });
  expect((await scenario.api('PATCH', `/api/v1/saved-replies/${body.id}`, { body: '{{nobody}}' })).status).toBe(400);
});

test('a file stays while a reply has it, and only replies of an account are listed for it', async () => {
  const { body: file } = await upload(scenario, { bytes: pdf(), name: 'Return form.pdf' });
  const files = { media_ids: [file.id], account_ids: [scenario.account.id], language: 'pt_BR' };
  const made = savedReplySchema.parse((await save({ shortcut: 'form', ...files })).body);
  expect(made).toMatchObject({
    files: [{ id: file.id, filename: 'Return form.pdf', kind: 'document' }],
    account_ids: [scenario.account.id],
    language: 'pt_BR',
  });
  expect((await scenario.api('DELETE', `/api/v1/media/${file.id}`)).body.code).toBe('media_in_use');
  expect(await shortcuts(`?account_id=${scenario.account.id}&search=form`)).toEqual(['form']);
  const gone = await save({ shortcut: 'gone', media_ids: ['med_01k9m3q5w8e7taz4x2c6v0b1ne'] });
  expect(gone.body.errors).toMatchObject([{ field: 'media_ids[0]' }]);
  const cleared = await scenario.api('PATCH', `/api/v1/saved-replies/${made.id}`, { media_ids: [], account_ids: null });
  expect(cleared.body).toMatchObject({ files: [], account_ids: null });
  expect((await scenario.api('DELETE', `/api/v1/media/${file.id}`)).status).toBe(204);
});

test('a reply names a template that can be sent, and keeps it when it is deleted', async () => {
  const definition = { account_id: scenario.account.id, language: 'en_US', category: 'UTILITY' };
  const text = { type: 'BODY', text: 'Your order is ready for you.' };
  const { body: made } = await scenario.api('POST', '/api/v1/templates', {
    ...{ ...definition, name: 'order_return', components: [text] },
  });
  const state = async () => (await scenario.api('GET', `/api/v1/templates/${made.id}`)).body.status;
  await expect.poll(state).toBe('APPROVED');
  const template = { name: 'order_return', language: 'en_US' };
  const reply = savedReplySchema.parse((await save({ shortcut: 'ready', template })).body);
  expect(reply.template).toEqual(template);
  const change = (body: object) => scenario.api('PATCH', `/api/v1/saved-replies/${reply.id}`, body);
  for (const [given, field, message] of [
    [{ ...template, name: 'order_retrn' }, 'name', /^Is unknown\. The most similar ones are order_return, /],
    [{ ...template, language: 'pt_BR' }, 'language', /^Must be one of en_US for this template\.$/],
    [{ ...template, name: 'Order return' }, 'name', /^Must have 1 to 512 characters/],
  ] as const) {
    const wrong = {
      status: 400,
      body: { errors: [{ field: `template.${field}`, message: expect.stringMatching(message) }] },
    };
    expect(await change({ template: given })).toMatchObject(wrong);
    expect(await save({ shortcut: 'other', template: given })).toMatchObject(wrong);
  }
  expect((await change({ title: 'Ready' })).body).toMatchObject({ title: 'Ready', template });
  expect((await change({ template: null })).body.template).toBe(null);
  expect((await change({ template })).body.template).toEqual(template);
  await scenario.api('DELETE', `/api/v1/templates/${made.id}`);
  expect((await list('?search=ready')).map(each => each.template)).toEqual([template]);
  expect((await change({ title: 'Ready again' })).status).toBe(200);
  expect((await change({ template })).body.errors).toMatchObject([{ field: 'template.name' }]);
});

test('a template that WhatsApp has paused, or one for codes, cannot be named', async () => {
  const refused = (message: string) => ({ status: 400, body: { errors: [{ field: 'template.name', message }] } });
  const name = (template: string) => save({ shortcut: 'no', template: { name: template, language: 'en_US' } });
  expect(await name('one_time_code')).toMatchObject(
    refused('Is for one-time codes. Choose a template of another category.'),
  );
  const { id } = (await scenario.api('GET', '/api/v1/templates?name=hello_world')).body.data[0];
  await scenario.sql("update template set status = 'PAUSED' where id = $1", [toUuid(id)]);
  expect(await name('hello_world')).toMatchObject(refused('Is PAUSED. Choose an approved template.'));
});
