// Two people in a team in a browser: it is set up, gives out, takes back, and each says whether they are here.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodPassword, join, type Somebody } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, looks, said, type Visitor, visit } from './browser.ts';
import { people } from './inbox-world.ts';

let scenario: Scenario;
let visitor: Visitor;
let world: ReturnType<typeof people>;
let leo: Somebody;

beforeAll(async () => {
  scenario = await startScenario();
  world = people(scenario);
  await world.write('33613000001', 'Is my order 4127 ready?', 'Ana Souza');
  // One after the other: who waits longest comes first.
  await scenario.settle();
  await world.write('33613000002', 'Do you have it in blue?', 'Bruno Reis');
  await scenario.settle();
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

interface Member {
  person_id: string;
  capacity: number;
}
const rowOf = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name });
const bar = (page: Page) => page.getByRole('toolbar', { name: 'Work on this conversation' });
const ownerOf = async (name: string): Promise<string | undefined> =>
  (await scenario.api('GET', `/api/v1/conversations?search=${name}`)).body.data[0].assignee?.name;

test('somebody alone sees no teams; with a second person a team is set up, and gives out by load', async () => {
  const { page } = visitor;
  await visitor.goto('/settings/people');
  await page.getByRole('link', { name: 'People' }).waitFor();
  expect(await page.getByRole('link', { name: 'Teams' }).count()).toBe(0);
  leo = await join(scenario, 'agent', { email: 'leo@example.com' });
  await visitor.goto('/settings/people');
  await page.getByRole('link', { name: 'Teams' }).click();
  await page.getByText('No team yet').waitFor();
  await page.getByRole('button', { name: 'New team' }).last().click();
  await page.getByLabel('Name').fill('Lisbon');
  await page.getByRole('button', { name: 'Create the team' }).click();
  await page.getByRole('heading', { name: 'Lisbon' }).waitFor();
  for (const name of ['agent', 'Owner']) {
    await page.getByRole('button', { name: 'Add a member' }).click();
    await page.getByRole('menuitem', { name }).click();
  }
  await page.getByLabel('Capacity of agent').fill('1');
  await page.getByRole('button', { name: 'Balanced' }).click();
  await page.getByLabel('No answer after it was given').fill('0');
  await page.getByText('A whole number from 1 to 10,080.').waitFor();
  await page.getByLabel('No answer after it was given').fill('15');
  await page.getByLabel('Sandbox').check();
  await page.getByRole('button', { name: 'Save Lisbon' }).click();
  await said(page, 'Saved.');
  const nobody = '2 wait, and nobody of Lisbon is online.';
  await page.getByText(nobody).waitFor();
  await page.getByRole('cell', { name: '2, nobody online' }).waitFor();
  await page.getByRole('link', { name: 'Give them by hand' }).click();
  await rowOf(page, 'Ana Souza').waitFor();
  await page.getByText(nobody).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);

  const other = await visit(scenario);
  await logIn(other, leo.email, goodPassword);
  await other.page.getByRole('button', { name: 'Away Change your availability' }).waitFor();
  expect(await other.page.getByText(nobody).count()).toBe(0);
  await other.goto('/inbox?state=open&assignee=nobody');
  await other.page.getByText(nobody).waitFor();
  await other.page.getByRole('button', { name: 'Go online' }).click();
  await other.page.getByRole('button', { name: 'Online Change your availability' }).waitFor();
  await expect.poll(() => ownerOf('Ana')).toBe('agent');
  await other.page.getByText(nobody).waitFor({ state: 'detached' });
  await visitor.goto('/settings/teams');
  await page.getByText('1 waits, as nobody who is online has room.').waitFor();
  await other.goto('/inbox');
  await rowOf(other.page, 'Ana Souza').click();
  await bar(other.page).getByRole('button', { name: 'Team Lisbon' }).waitFor();
  await other.page.getByText('agent has it').waitFor();
  // Who has one of one gets no second. The close gives out the next.
  expect(await ownerOf('Bruno')).toBeUndefined();
  await bar(other.page).getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => ownerOf('Bruno')).toBe('agent');
  expect(other.mistakes).toEqual([]);
  await other.close();
});

test('a conversation goes to the queue of a team by hand and back, and out of the team', async () => {
  const { page } = visitor;
  await visitor.goto('/inbox');
  await rowOf(page, 'Bruno Reis').click();
  await page.getByRole('button', { name: 'Assigned to agent' }).click();
  await page.getByRole('menuitem', { name: 'You' }).click();
  await bar(page).getByRole('button', { name: 'Assigned to You' }).waitFor();
  await page.getByRole('heading', { name: 'Inbox' }).click();
  await page.keyboard.press('a');
  // agent is online, and has room again.
  await page.getByRole('menuitem', { name: 'Lisbon' }).click();
  await said(page, 'Now with Lisbon.');
  await bar(page).getByRole('button', { name: 'Assigned to agent' }).waitFor();
  await bar(page).getByRole('button', { name: 'Team Lisbon' }).click();
  await page.getByRole('menuitem', { name: 'No team' }).click();
  await bar(page).getByRole('button', { name: 'No team' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await bar(page).getByRole('button', { name: 'Team Lisbon' }).waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('a save keeps what a colleague changed meanwhile, and unsaved changes are not left without a question', async () => {
  const { page } = visitor;
  const [team] = (await scenario.api('GET', '/api/v1/teams')).body.data;
  const patch = (body: object) => scenario.api('PATCH', `/api/v1/teams/${team.id}`, body);
  const now = async () => (await scenario.api('GET', `/api/v1/teams/${team.id}`)).body;
  await patch({ mode: 'manual', reassign_after_minutes: null });
  const { id: other } = (await scenario.api('POST', '/api/v1/teams', { name: 'Returns' })).body;
  await visitor.goto(`/settings/teams?team=${team.id}`);
  await page.getByLabel('At most, for the whole team').fill('50');
  await patch({ mode: 'balanced', reassign_after_minutes: 30 });
  await page.getByRole('button', { name: 'Balanced', pressed: true }).waitFor();
  await page.getByRole('button', { name: 'Returns' }).click();
  await page.getByRole('dialog', { name: 'Leave Lisbon without saving?' }).getByText('Stay here').click();
  await page.getByRole('link', { name: 'People' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stay here' }).click();
  await page.getByRole('button', { name: 'Save Lisbon' }).click();
  await said(page, 'Saved.');
  expect(await now()).toMatchObject({ mode: 'balanced', reassign_after_minutes: 30, capacity: 50 });

  await page.getByLabel('Capacity of agent').fill('7');
  await patch({ members: [{ person_id: leo.id, capacity: 1 }] });
  await page.getByText('Somebody else has changed the members too').waitFor();
  await page.getByRole('button', { name: 'Show both changes' }).click();
  expect(await page.getByLabel(/^Capacity of/).count()).toBe(1);
  await page.getByRole('button', { name: 'Save Lisbon' }).click();
  await expect.poll(async () => (await now()).members).toMatchObject([{ person_id: leo.id, capacity: 7 }]);
  await page.getByRole('button', { name: 'Returns' }).click();
  await page.getByRole('heading', { name: 'Returns' }).waitFor();
  await scenario.api('DELETE', `/api/v1/teams/${other}`);
  await patch({ members: team.members.map(({ person_id, capacity }: Member) => ({ person_id, capacity })) });
  expect(visitor.mistakes).toEqual([]);
});

test('a dialog gives the focus back, also to the trigger of the menu that it came from', async () => {
  const { page } = visitor;
  await visitor.goto('/settings/teams');
  await page.getByRole('heading', { name: 'Lisbon' }).waitFor();
  const width = () => page.evaluate<number>('document.querySelector("main").getBoundingClientRect().right');
  const focused = () =>
    page.evaluate<string>('document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent');
  const before = await width();
  await page.getByRole('button', { name: 'New team' }).press('Enter');
  await page.getByRole('dialog').waitFor();
  expect(await width()).toBe(before);
  await page.getByRole('button', { name: 'Cancel' }).press('Enter');
  await expect.poll(focused).toBe('New team');
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(focused).toBe('New team');
  await page.getByRole('button', { name: 'Actions for Lisbon' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Rename' }).press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(focused).toBe('Actions for Lisbon');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(focused).toBe('Actions for Lisbon');
  expect(visitor.mistakes).toEqual([]);
});

test('a team gets hours, with a pause on one day and a closed day, and loses them', async () => {
  const { page } = visitor;
  await visitor.goto('/settings/teams');
  await page.getByRole('button', { name: 'Set hours' }).click();
  await page.getByLabel('Monday, until').fill('08:00');
  await page.getByRole('button', { name: 'Save', exact: true }).hover();
  await page.getByText('Times are missing, end before they begin, or overlap').first().waitFor();
  await page.getByLabel('Monday, until').fill('13:00');
  await page.getByRole('button', { name: 'Add times on Monday' }).click();
  await page.getByRole('button', { name: 'Add times on Sunday' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await said(page, 'Saved.');
  await page.getByRole('button', { name: 'Add a day' }).click();
  await page.getByLabel('Day', { exact: true }).fill('2999-12-25');
  await page.getByRole('textbox', { name: 'Name' }).fill('Christmas');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Christmas').waitFor();
  const [team] = (await scenario.api('GET', '/api/v1/teams')).body.data;
  expect(team.hours).toMatchObject({
    intervals: [
      { weekday: 1, opens: '09:00', closes: '13:00' },
      { weekday: 1, opens: '13:00', closes: '24:00' },
      ...[2, 3, 4, 5].map(weekday => ({ weekday, opens: '09:00', closes: '18:00' })),
      { weekday: 7, opens: '09:00', closes: '18:00' },
    ],
    holidays: [{ date: '2999-12-25', name: 'Christmas' }],
  });
  await page.getByRole('cell', { name: /^(Open|Closed) until / }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/hours.png`, fullPage: true });
  for (const theme of ['dark', 'light'] as const) {
    const other = await visit(scenario, { theme, width: theme === 'dark' ? 1440 : 360, language: 'ar' });
    await logIn(other);
    await other.goto('/settings/teams');
    await other.page.getByText('Christmas').waitFor();
    expect(await accessibilityProblems(other.page)).toEqual([]);
    if (process.env.SHOTS)
      await other.page.screenshot({ path: `${process.env.SHOTS}/hours-${theme}.png`, fullPage: true });
    await other.close();
  }
  await visitor.goto('/inbox');
  await page.getByRole('button', { name: 'Change your availability' }).click();
  await page.getByRole('menuitem', { name: 'Follow my team’s hours' }).click();
  await page.getByRole('button', { name: 'by your team’s hours' }).waitFor();
  const follows = async () => {
    const { data } = (await scenario.api('GET', '/api/v1/availability')).body;
    return data.filter((row: { follows_hours: boolean }) => row.follows_hours).length;
  };
  expect(await follows()).toBe(1);
  await page.getByRole('button', { name: 'by your team’s hours' }).click();
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/follow.png` });
  await page.getByRole('menuitem', { name: 'Follow my team’s hours' }).click();
  await expect.poll(follows).toBe(0);
  await visitor.goto('/settings/teams');
  await page.getByRole('button', { name: 'Remove Christmas' }).click();
  await page.getByText('None.').waitFor();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  expect(await accessibilityProblems(page)).toEqual([]);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/hours-dialog.png` });
  await page.getByRole('button', { name: 'No hours' }).click();
  await page.getByRole('button', { name: 'Set hours' }).waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('a saved reply and a view are shared with a team', async () => {
  const { page } = visitor;
  await visitor.goto('/settings/replies');
  await page.getByRole('button', { name: 'New reply' }).first().click();
  const editor = page.getByRole('region', { name: 'Reply' });
  await editor.getByRole('textbox', { name: 'Shortcut' }).fill('lisbon');
  await editor.getByRole('combobox', { name: 'For' }).selectOption('Lisbon');
  await editor.getByRole('textbox', { name: 'Title' }).fill('Opening hours');
  await editor.getByRole('textbox', { name: 'Text' }).fill('We are open until 19:00.');
  await editor.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('table').getByText('Lisbon', { exact: true }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await visitor.goto('/inbox?unread=true');
  await page.getByTitle('Views').click();
  await page.getByRole('menuitem', { name: 'Save this filter as a view' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Unread of Lisbon');
  await dialog.getByLabel('For').selectOption('Team Lisbon');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  const own = async (list: string) => (await leo.api('GET', `/api/v1/${list}`)).body.data;
  const [team] = (await scenario.api('GET', '/api/v1/teams')).body.data;
  expect(await own('saved-replies')).toMatchObject([{ shortcut: 'lisbon', scope: 'team', team_id: team.id }]);
  expect(await own('saved-views')).toMatchObject([{ name: 'Unread of Lisbon', scope: 'team', team_id: team.id }]);
  expect(visitor.mistakes).toEqual([]);
});

test('axe has nothing to say of it, in each look, and a phone shows it', async () => {
  for (const look of looks) {
    const other = await visit(scenario, look);
    await logIn(other);
    await other.goto('/settings/teams');
    await other.page.getByRole('heading', { name: 'Lisbon' }).waitFor();
    expect(await accessibilityProblems(other.page)).toEqual([]);
    if (process.env.SHOTS)
      await other.page.screenshot({ path: `${process.env.SHOTS}/teams-${look.theme}.png`, fullPage: true });
    await other.goto('/inbox');
    const here = other.page.locator('footer button');
    await here.waitFor();
    expect(await accessibilityProblems(other.page)).toEqual([]);
    await here.click();
    await other.page
      .getByRole('menu')
      .getByText(/Lisbon/)
      .waitFor();
    if (process.env.SHOTS) await other.page.screenshot({ path: `${process.env.SHOTS}/here-${look.theme}.png` });
    expect(other.mistakes).toEqual([]);
    await other.close();
  }
});
