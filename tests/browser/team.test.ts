// The work on conversations in a browser: closing, snoozing and reopening, with what the thread and the list say of it.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodPassword, join } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, looks, said, type Visitor, visit } from './browser.ts';
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

test('once a second person joins, a conversation is given to somebody, who finds it among theirs', async () => {
  const { page } = visitor;
  await visitor.goto('/inbox');
  await rowOf(page, 'Bruno').click();
  await bar(page).getByRole('button', { name: 'Close' }).waitFor();
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
  const other = await visit(scenario);
  await logIn(other, leo.email, goodPassword);
  await other.page.getByRole('link', { name: /^Mine/ }).click();
  await rowOf(other.page, 'Bruno').waitFor();
  await expect.poll(() => rowOf(other.page, 'Ana Souza').count()).toBe(0);
  expect(other.mistakes).toEqual([]);
  await other.close();
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
