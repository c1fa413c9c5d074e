// The work on conversations in a browser: closing, snoozing and reopening, with what the thread and the list say of it.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { pdf, png } from '../setup/media-files.ts';
import { goodPassword, join } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, give, logIn, looks, said, type Visitor, visit } from './browser.ts';
import { people } from './inbox-world.ts';

const ana = '33613000001';
let scenario: Scenario;
let visitor: Visitor;
let world: ReturnType<typeof people>;

beforeAll(async () => {
  scenario = await startScenario();
  world = people(scenario);
  await world.write(ana, 'Is my order 4127 ready?', 'Ana Souza');
  await world.write('33613000002', 'First question', 'Bruno');
  await scenario.settle();
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

const rowOf = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name });
const bar = (page: Page) => page.getByRole('toolbar', { name: 'Work on this conversation' });
const stateOf = async (name: string): Promise<string> =>
  (await scenario.api('GET', `/api/v1/conversations?search=${name}`)).body.data[0].state;

test('a conversation is closed and taken back, by the pointer and by its key', async () => {
  const { page } = visitor;
  await visitor.goto('/inbox?state=open');
  await rowOf(page, 'Ana Souza').click();
  await bar(page).getByText('Waits for 1 min').waitFor();
  await bar(page).getByRole('button', { name: 'Close' }).click();
  await said(page, 'Closed.');
  // It leaves the list of what is open.
  await expect.poll(() => rowOf(page, 'Ana Souza').count()).toBe(0);
  await page
    .getByRole('log', { name: /^Messages with/ })
    .getByText('by Owner,')
    .waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await rowOf(page, 'Ana Souza').waitFor();
  expect(await stateOf('Ana')).toBe('open');
  await page.locator('body').press('Escape');
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('Shift+E');
  await bar(page).getByText('Closed').waitFor();
  // What the person writes opens it again; a line says so.
  await scenario.sql(`update conversation set state_since = state_since - interval '1 hour' where state = 'closed'`);
  await world.write(ana, 'And the invoice?');
  await page.getByText('Ana Souza wrote').first().waitFor();
  await rowOf(page, 'Ana Souza').waitFor();
});

test('a conversation is snoozed until they write, and found among the snoozed ones', async () => {
  const { page } = visitor;
  await visitor.goto('/inbox');
  await rowOf(page, 'Bruno').click();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('h');
  await page.getByRole('menuitem', { name: 'Until they write' }).click();
  await bar(page).getByText('Snoozed until they write').waitFor();
  await page.getByRole('button', { name: /^Snoozed/ }).click();
  await page.waitForURL(/state=snoozed/);
  await expect.poll(() => rowOf(page, 'Ana Souza').count()).toBe(0);
  await rowOf(page, 'Bruno').waitFor();
  await world.write('33613000002', 'Second question');
  await expect.poll(() => stateOf('Bruno')).toBe('open');
  await page.getByText('Nothing is snoozed').waitFor();
});

test('a conversation is snoozed until any time, and closed with a reason of the workspace, which its episode shows', async () => {
  const { page } = visitor;
  await visitor.goto('/settings/workspace');
  await page.getByLabel('One a line').fill('Answered\nWrong number\n\nAnswered');
  await page
    .locator('form')
    .filter({ has: page.getByLabel('One a line') })
    .getByRole('button', { name: 'Save' })
    .click();
  await said(page, 'Saved.');
  await visitor.goto('/inbox?side=details');
  await rowOf(page, 'Bruno').click();
  await bar(page).getByRole('button', { name: 'Snooze' }).click();
  await page.getByRole('menuitem', { name: 'Another time…' }).click();
  await page.getByLabel('Date').fill('2001-01-01');
  await page.getByRole('dialog').getByRole('button', { name: 'Snooze' }).click();
  await page.getByRole('dialog').getByRole('alert').waitFor();
  const day = new Date(Date.now() + 40 * 24 * 3_600_000).toISOString().slice(0, 10);
  await page.getByLabel('Date').fill(day);
  await page.getByLabel('Time').fill('11:45');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Snooze' }).click();
  await said(page, 'Snoozed.');
  const [{ snoozed_until: until }] = (await scenario.api('GET', '/api/v1/conversations?search=Bruno')).body.data;
  expect(new Date(until).toLocaleString('sv').slice(0, 16)).toBe(`${day} 11:45`);
  await bar(page).getByRole('button', { name: 'Close with a reason' }).click();
  await page.getByRole('menuitem', { name: 'Wrong number' }).click();
  await said(page, 'Closed.');
  const episodes = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Episodes' }) });
  await episodes.getByText('Wrong number').waitFor();
  await episodes.getByText(/^Owner · /).waitFor();
  await bar(page).getByRole('button', { name: 'Reopen' }).click();
  await episodes.getByText('Open', { exact: true }).waitFor();
});

test('once a second person joins, a conversation is given to somebody, who finds it among theirs', async () => {
  const { page } = visitor;
  await visitor.goto('/inbox');
  await rowOf(page, 'Bruno').click();
  await bar(page).getByRole('button', { name: 'Close', exact: true }).waitFor();
  expect(await page.getByRole('button', { name: /^Assigned to/ }).count()).toBe(0);
  const leo = await join(scenario, 'agent', { email: 'leo@example.com' });
  await visitor.goto('/inbox');
  await rowOf(page, 'Bruno').click();
  await bar(page).getByRole('button', { name: 'Assigned to Nobody' }).waitFor();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('a');
  await page.getByRole('menuitem', { name: 'agent' }).click();
  await bar(page).getByRole('button', { name: 'Assigned to agent' }).waitFor();
  await page.getByText('Owner gave it to agent').waitFor();
  // The list says it too, and how long the others wait.
  await rowOf(page, 'Bruno').getByRole('img', { name: 'Assigned to agent' }).waitFor();
  await rowOf(page, 'Ana Souza').getByRole('img', { name: 'Assigned to nobody' }).waitFor();
  await rowOf(page, 'Ana Souza')
    .getByText(/^waits \d/)
    .waitFor();
  // In a row too: that the window closes soon, and the labels.
  const [bruno] = (await scenario.api('GET', '/api/v1/conversations?search=Bruno')).body.data;
  const label = { name: 'Return', color: 'teal', on: 'conversation' };
  const { body: made } = await scenario.api('POST', '/api/v1/labels', label);
  await scenario.api('PUT', `/api/v1/conversations/${bruno.id}/labels/${made.id}`);
  const longAgo = `update conversation set last_received_at = last_received_at - interval '22 hours 30 minutes' where id = $1`;
  await scenario.sql(longAgo, [toUuid(bruno.id)]);
  await visitor.goto('/inbox');
  await rowOf(page, 'Bruno')
    .getByText(/^closes in 1 h/)
    .waitFor();
  await rowOf(page, 'Bruno').getByText('Return', { exact: true }).waitFor();
  const other = await visit(scenario);
  await logIn(other, leo.email, goodPassword);
  await other.page.getByRole('link', { name: /^Mine/ }).click();
  await rowOf(other.page, 'Bruno').waitFor();
  await expect.poll(() => rowOf(other.page, 'Ana Souza').count()).toBe(0);
  // Who gave it away follows it, and the other sees so at once.
  await other.goto('/inbox?side=details');
  await rowOf(other.page, 'Bruno').click();
  const followers = (at: Page) => at.locator('section').filter({ has: at.getByRole('heading', { name: 'Following' }) });
  await followers(other.page).getByText('Nobody follows it.').waitFor();
  await visitor.goto('/inbox?side=details');
  await rowOf(page, 'Bruno').click();
  await followers(page).getByRole('button', { name: 'Follow' }).click();
  await followers(page).getByText('You', { exact: true }).waitFor();
  await followers(other.page).getByText('Owner').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/following.png` });
  await followers(page).getByRole('button', { name: 'Stop following' }).click();
  await followers(other.page).getByText('Nobody follows it.').waitFor();
  expect(other.mistakes).toEqual([]);
  await other.close();
});

test('two people do not answer twice, and write notes that name each other', async () => {
  const [{ id, account_id }] = (await scenario.api('GET', '/api/v1/conversations?search=Ana')).body.data;
  const ines = await join(scenario, 'agent', { email: 'ines@example.com' });
  await scenario.sql(`update person set name = 'Inês Duarte' where email = $1`, [ines.email]);
  const other = await visit(scenario);
  await logIn(other, ines.email, goodPassword);
  const { page } = other;
  await other.goto(`/inbox/${id}?side=none`);
  await visitor.goto('/inbox');
  // The list of the other shows who is there.
  await rowOf(visitor.page, 'Ana Souza')
    .getByRole('img', { name: /Inês Duarte.? is viewing this/ })
    .waitFor();
  const field = page.getByRole('textbox', { name: /^Write to/ });
  await field.fill('Of course, half past five is perfect.');
  await page.getByText(/is typing/).waitFor({ state: 'detached' });
  // The owner answers while the reply is being written: shown beside it, and after a reload, it may be overlooked.
  const answer = { account_id, conversation_id: id, type: 'text', text: { body: 'Half past five is fine.' } };
  await scenario.api('POST', '/api/v1/messages', answer);
  const log = page.getByRole('log', { name: /^Messages with/ });
  await log.getByText('Half past five is fine.').waitFor();
  await log.getByText('Came while you wrote').waitFor();
  await page.reload();
  await log.getByText('Came while you wrote').waitFor();
  await log.getByText('Half past five is fine.').waitFor();
  await field.press('Enter');
  const alert = page.getByRole('alert').filter({ hasText: 'Owner' });
  await alert.getByText('answered while you wrote. Your message has not been sent.').waitFor();
  await alert.getByText('Half past five is fine.').waitFor();
  expect(await field.inputValue()).toBe('Of course, half past five is perfect.');
  await page.getByRole('button', { name: 'Send anyway' }).click();
  await alert.waitFor({ state: 'detached' });
  await log.getByText('Of course, half past five is perfect.').waitFor();
  const newest = async () => (await scenario.api('GET', `/api/v1/conversations/${id}/messages?limit=1`)).body.data[0];
  await expect.poll(async () => (await newest()).text.body).toBe('Of course, half past five is perfect.');
  await rowOf(page, 'Ana Souza').getByText('You: Of course, half past five is perfect.').waitFor();
  await rowOf(visitor.page, 'Ana Souza')
    .getByText(/^.Inês.: Of course, half past five is perfect\.$/)
    .waitFor();
  // A note: by its key, with the list of people.
  await visitor.goto(`/inbox/${id}?side=none`);
  const mine = visitor.page;
  await mine.getByRole('group', { name: 'Reply or note' }).waitFor();
  await mine.getByRole('heading', { name: 'Inbox' }).click();
  await mine.keyboard.press('n');
  const note = mine.getByRole('textbox', { name: 'Write a note' });
  await note.pressSequentially('@own');
  expect(await mine.getByRole('option').count()).toBe(0);
  await note.fill('');
  await note.pressSequentially('@ines');
  await mine.getByRole('option', { name: 'Inês Duarte' }).waitFor();
  await note.press('Enter');
  await note.pressSequentially('she is a VIP.');
  await mine.getByRole('button', { name: 'Add the note' }).click();
  const paper = page.getByRole('article', { name: /^Note by Owner/ });
  await paper.getByText('@Inês Duarte').waitFor();
  await paper.getByText('Note, only your team sees it').waitFor();
  const own = mine.getByRole('article', { name: /^Note by Owner/ });
  await own.getByRole('button', { name: 'More about this note' }).click();
  await mine.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByText('Owner deleted this note at').waitFor();
  const messages = (await scenario.api('GET', `/api/v1/conversations/${id}/messages`)).text;
  expect(messages).not.toContain('VIP');
  await note.fill('Under the counter.');
  // With files: chosen, one taken off again, and seen by the other as those of a message.
  await mine.locator('input[type=file]').setInputFiles([
    { name: 'torn.png', mimeType: 'image/png', buffer: await png(400, 300) },
    { name: 'wrong.pdf', mimeType: 'application/pdf', buffer: pdf() },
  ]);
  await mine.getByRole('button', { name: 'Remove wrong.pdf' }).click();
  await give(mine, 'drop', 'Return form.pdf', 'application/pdf', pdf());
  await give(mine, 'paste', 'receipt.png', 'image/png', await png(40, 30));
  await mine.getByRole('button', { name: 'Remove receipt.png' }).waitFor();
  if (process.env.SHOTS) await mine.screenshot({ path: `${process.env.SHOTS}/note-writing.png` });
  await mine.getByRole('button', { name: 'Add the note' }).click();
  const files = page.getByRole('list', { name: 'Files of this note' });
  await files.getByRole('link', { name: /Return form\.pdf/ }).waitFor();
  await files.getByRole('button', { name: 'Open the photo' }).first().click();
  await page.getByRole('dialog').getByRole('img').waitFor();
  await page.keyboard.press('Escape');
  const [kept] = (await scenario.api('GET', `/api/v1/conversations/${id}/notes`)).body.data;
  expect(kept.files).toMatchObject([
    { filename: 'torn.png' },
    { filename: 'Return form.pdf' },
    { filename: 'receipt.png' },
  ]);
  expect(await accessibilityProblems(mine)).toEqual([]);
  if (process.env.SHOTS) await mine.screenshot({ path: `${process.env.SHOTS}/note.png` });
  // A refusal is expected here, and nothing else.
  expect(other.mistakes.filter(mistake => !mistake.includes('409'))).toEqual([]);
  await other.close();
});

test('a run of bubbles names the colleague or the program that wrote it, once', async () => {
  const [{ id, account_id }] = (await scenario.api('GET', '/api/v1/conversations?search=Ana')).body.data;
  const given = { name: 'Shop server', scopes: ['messages.create'] };
  const program = scenario.as((await scenario.api('POST', '/api/v1/keys', given)).body.key);
  for (const body of ['It is on its way.', 'It comes on Friday.'])
    await program('POST', '/api/v1/messages', { account_id, conversation_id: id, type: 'text', text: { body } });
  await scenario.settle();
  for (const look of looks) {
    const other = await visit(scenario, look);
    await logIn(other);
    const { page } = other;
    await other.goto(`/inbox/${id}?side=none`);
    await page.getByRole('article').filter({ hasText: 'It comes on Friday.' }).waitFor();
    expect(await page.locator('.by').allTextContents()).toEqual(['Inês Duarte', 'Shop server']);
    // The label of a bubble has the name, so the line is not read out.
    const labels = await page.locator('.msg.ours').evaluateAll(all => all.map(each => each.ariaLabel?.split(', ')[0]));
    expect(labels.slice(1)).toEqual(['Inês Duarte', 'Shop server', 'Shop server']);
    expect(await accessibilityProblems(page)).toEqual([]);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/senders-${look.theme}.png` });
    expect(other.mistakes).toEqual([]);
    await other.close();
  }
  // A program has no first name.
  await visitor.goto('/inbox');
  await rowOf(visitor.page, 'Ana Souza').getByText('It comes on Friday.', { exact: true }).waitFor();
});

test('picked conversations are closed together, and opened again by undo', async () => {
  const { page } = visitor;
  await visitor.goto('/inbox');
  await page.getByRole('button', { name: 'Select conversations' }).click();
  for (const name of ['Ana Souza', 'Bruno']) await page.getByRole('checkbox', { name: `Select ${name}` }).check();
  const pane = page.getByRole('region', { name: 'Selected conversations' });
  await pane.getByText('2 conversations selected').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/bulk.png` });
  await page.keyboard.press('Shift+E');
  await said(page, '2 conversations closed.');
  expect(await Promise.all(['Ana', 'Bruno'].map(stateOf))).toEqual(['closed', 'closed']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => Promise.all(['Ana', 'Bruno'].map(stateOf))).toEqual(['open', 'open']);
  // Until any time, and with a reason, as single ones.
  const pick = async () => {
    await page.getByRole('button', { name: 'Select conversations' }).click();
    await page.getByRole('checkbox', { name: 'Select Bruno' }).check();
  };
  await pick();
  await pane.getByRole('button', { name: 'Snooze' }).click();
  await page.getByRole('menuitem', { name: 'Another time…' }).click();
  const day = new Date(Date.now() + 40 * 24 * 3_600_000).toISOString().slice(0, 10);
  await page.getByLabel('Date').fill(day);
  await page.getByLabel('Time').fill('11:45');
  await page.getByRole('dialog').getByRole('button', { name: 'Snooze' }).click();
  await said(page, '1 conversation snoozed.');
  const [{ snoozed_until: until }] = (await scenario.api('GET', '/api/v1/conversations?search=Bruno')).body.data;
  expect(new Date(until).toLocaleString('sv').slice(0, 16)).toBe(`${day} 11:45`);
  await pick();
  await pane.getByRole('button', { name: 'Close with a reason' }).click();
  await page.getByRole('menuitem', { name: 'Answered' }).click();
  await expect.poll(() => stateOf('Bruno')).toBe('closed');
  const { data } = (await scenario.api('GET', '/api/v1/conversation-jobs?limit=1')).body;
  expect(data).toMatchObject([{ action: 'close', reason: 'Answered', done: 1 }]);
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect.poll(() => stateOf('Bruno')).toBe('snoozed');
  // The key picks the row that has the focus, which goes on from there, and Escape ends it.
  await page.getByRole('listitem').first().getByRole('link').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('x');
  await pane.getByText('1 conversation selected').waitFor();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('x');
  await pane.getByText('2 conversations selected').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await pane.getByText('1 conversation selected').waitFor();
  expect(new URL(page.url()).pathname).toBe('/inbox');
  await page.keyboard.press('Escape');
  await pane.waitFor({ state: 'detached' });
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => page.locator(':focus').getAttribute('data-row-focus')).toBe('');
  // Of all that fit, the server says how many wait.
  await world.write(ana, 'Hello? Nobody answers me.');
  await page.getByRole('button', { name: 'Select conversations' }).click();
  await pane.getByRole('button', { name: 'Take all 2' }).click();
  const waiting = pane.locator('div').filter({ has: page.getByText('Wait for an answer', { exact: true }) });
  await waiting.last().getByText('1', { exact: true }).waitFor();
  const ofOthers = pane.locator('div').filter({ has: page.getByText('With others', { exact: true }) });
  await ofOthers.last().getByText('1', { exact: true }).waitFor();
  await pane.getByText('1 who waits gets no answer.').waitFor();
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/bulk-all.png` });
  await page.keyboard.press('Escape');
  expect(visitor.mistakes).toEqual([]);
});

test('axe has nothing to say of it, in each look', async () => {
  const { body } = await scenario.api('GET', '/api/v1/conversations?search=Ana');
  for (const look of looks) {
    const other = await visit(scenario, look);
    await logIn(other);
    await other.goto(`/inbox/${body.data[0].id}?side=none`);
    await other.page.getByRole('toolbar').first().waitFor();
    await other.page.locator('.episode-line').last().waitFor();
    expect(await accessibilityProblems(other.page)).toEqual([]);
    if (process.env.SHOTS) await other.page.screenshot({ path: `${process.env.SHOTS}/${look.theme}.png` });
    expect(other.mistakes).toEqual([]);
    await other.close();
  }
});
