// Templates: which there are, what is sent with them, and what is rejected before it is accepted.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openWorkspace();
});
afterAll(() => scenario.close());

const text = (value: string) => ({ type: 'text', text: value });
const reminder = (...values: string[]) => ({
  name: 'appointment_reminder',
  language: { code: 'en_US' },
  components: [{ type: 'body', parameters: values.map(text) }],
});
const send = (template: object, more: object = {}, headers: Record<string, string> = {}) =>
  scenario.api(
    'POST',
    '/api/v1/messages',
    { account_id: scenario.account.id, to: '+33612001001', type: 'template', template, ...more },
    headers,
  );

test('an account of the Sandbox has three approved templates from the start', async () => {
  const { body } = await scenario.api('GET', '/api/v1/templates');
  expect(body.data.map(({ name, status, language }: Record<string, string>) => [name, language, status])).toEqual([
    ['one_time_code', 'en_US', 'APPROVED'],
    ['appointment_reminder', 'en_US', 'APPROVED'],
    ['hello_world', 'en_US', 'APPROVED'],
  ]);
  const [{ id }] = body.data;
  expect((await scenario.api('GET', `/api/v1/templates/${id}`)).body).toMatchObject({
    id,
    category: 'AUTHENTICATION',
    history: [{ change: 'created', from: null, to: 'APPROVED', reason: null }],
  });
});

describe('a template message', () => {
  test('of a template without variables is sent and read', async () => {
    const sent = await send({ name: 'hello_world', language: { code: 'en_US' } });
    expect(sent).toMatchObject({ status: 202, body: { type: 'template', template: { text: 'Hello World' } } });
    await scenario.settle();
    expect(await scenario.message(sent.body.id)).toMatchObject({ status: 'read', template: { name: 'hello_world' } });
  });

  test('shows the text that the person reads, and a repeat has the same bytes', async () => {
    const headers = { 'idempotency-key': 'reminder-1' };
    const sent = await send(reminder('Ana', 'Monday'), {}, headers);
    expect(sent.body.template.text).toBe('Hello Ana, we remind you of your appointment on Monday. Reply to change it.');
    await scenario.settle();
    const again = await send(reminder('Ana', 'Monday'), {}, headers);
    expect([again.headers.get('idempotent-replayed'), again.text]).toEqual(['true', sent.text]);
    const thread = await fetch(`${scenario.simulator.url}/phones/33612001001`).then(answer => answer.text());
    expect(thread).toContain('appointment_reminder');
    expect(thread).not.toContain('Reply to change it');
  });

  test('of an unknown template or language is rejected with the nearest names', async () => {
    expect(await send({ ...reminder('Ana', 'Monday'), name: 'apointment_reminder' })).toMatchObject({
      status: 404,
      body: {
        code: 'template_not_found',
        errors: [{ field: 'template.name', message: expect.stringMatching(/ones are appointment_reminder, /) }],
      },
    });
    expect(await send({ ...reminder('Ana', 'Monday'), language: { code: 'pt_PT' } })).toMatchObject({
      status: 404,
      body: { errors: [{ field: 'template.language.code', message: 'Must be one of en_US for this template.' }] },
    });
  });

  test('with values that do not fit is rejected with the field', async () => {
    expect(await send(reminder('Ana'))).toMatchObject({
      status: 400,
      body: {
        code: 'invalid_request',
        errors: [
          {
            field: 'template.components.0.parameters',
            message: 'Must have 2 parameters for the body (1, 2), and has 1.',
          },
        ],
      },
    });
    expect(await send(reminder('Ana', 'one\nday'))).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'template.components.0.parameters.1.text' }] },
    });
  });
});
