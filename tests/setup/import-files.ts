// For scenarios of imports: uploads of CSV files, and imports taken to a state.
import { type Import, type ImportRow, importSchema } from '@recado/contract';
import { expect } from 'vitest';
import type { Answer, Scenario } from './scenario.ts';
import { portOf } from './socket.ts';

/** Uploads a CSV file as a form. */
export async function uploadCsv(
  scenario: Scenario,
  content: string | Buffer,
  {
    name = 'contacts.csv',
    fields = {},
    headers = {},
  }: {
    name?: string;
    fields?: Record<string, string>;
    headers?: Record<string, string>;
  } = {},
): Promise<Answer> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append('file', new Blob([Buffer.from(content) as Uint8Array<ArrayBuffer>], { type: 'text/csv' }), name);
  const answer = await fetch(`http://127.0.0.1:${portOf(scenario)}/api/v1/imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await scenario.token()}`, ...headers },
    body: form,
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    body: text.startsWith('{') ? JSON.parse(text) : undefined,
  };
}

/** The import that a file becomes. */
export async function uploaded(scenario: Scenario, content: string | Buffer, options = {}): Promise<Import> {
  const answer = await uploadCsv(scenario, content, options);
  expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
  return importSchema.parse(answer.body);
}

export const importOf = async (scenario: Scenario, id: string): Promise<Import> =>
  importSchema.parse((await scenario.api('GET', `/api/v1/imports/${id}`)).body);

/** The import once it is in a state. */
export const inState = async (scenario: Scenario, id: string, state: Import['state']): Promise<Import> => {
  await expect.poll(async () => (await importOf(scenario, id)).state).toBe(state);
  return importOf(scenario, id);
};

/** Checks an import with these settings. */
export async function checked(scenario: Scenario, id: string, change: object): Promise<Import> {
  const answer = await scenario.api('PATCH', `/api/v1/imports/${id}`, change);
  expect([answer.status, answer.text]).toEqual([200, expect.anything()]);
  return inState(scenario, id, 'ready');
}

/** Does an action of an import, and waits for its end. */
export async function done(
  scenario: Scenario,
  id: string,
  action: 'run' | 'undo',
  state: Import['state'] = action === 'run' ? 'finished' : 'undone',
): Promise<Import> {
  const answer = await scenario.api('POST', `/api/v1/imports/${id}/${action}`);
  expect([answer.status, answer.text]).toEqual([200, expect.anything()]);
  return inState(scenario, id, state);
}

/** Uploads a file, checks it and runs it. */
export async function imported(scenario: Scenario, content: string | Buffer, change: object): Promise<Import> {
  const { id } = await uploaded(scenario, content);
  await checked(scenario, id, change);
  return done(scenario, id, 'run');
}

export const rowsOf = async (scenario: Scenario, id: string, query = ''): Promise<ImportRow[]> =>
  (await scenario.api('GET', `/api/v1/imports/${id}/rows?limit=100&${query}`)).body.data;
