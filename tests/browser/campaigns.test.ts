// Campaigns in a browser: a draft from contacts to its result, paused and resumed on the way, and the approval of another.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { imported } from '../setup/import-files.ts';
import { goodPassword, join } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, said, type Visitor, visit } from './browser.ts';

let scenario: Scenario;
let visitor: Visitor;
// biome-ignore lint/suspicious/noExplicitAny: what the API answers
type Json = any;

beforeAll(async () => {
  scenario = await startScenario();
  const { body: label } = await scenario.api('POST', '/api/v1/labels', {
    name: 'collector',
    on: 'contact',
    color: 'teal',
  });
  for (let n = 1; n <= 12; n++)
    await scenario.api('POST', '/api/v1/contacts', {
      // One has no name: the fallback stands in for it.
      ...(n !== 12 && { name: `Reader ${n}` }),
      phone: `+3519120000${String(n).padStart(2, '0')}`,
      label_ids: [label.id],
    });
  const { body: people } = await scenario.api('GET', '/api/v1/contacts?search=Reader%207');
  const { body: list } = await scenario.api('POST', '/api/v1/segments', { name: 'Had one already', kind: 'list' });
  await scenario.api('POST', `/api/v1/segments/${list.id}/members`, {
    action: 'add',
    contact_ids: [people.data[0].id],
  });
  await scenario.send();
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

/** A person writes to the account. */
async function write(phone: string, text: string): Promise<void> {
  const answer = await fetch(`${scenario.simulator.url}/phones/${phone.slice(1)}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: scenario.account.phone_number_id, text: { body: text } }),
  });
  expect(answer.status).toBe(202);
  await scenario.settle();
}

const campaigns = async (): Promise<Json[]> => (await scenario.api('GET', '/api/v1/campaigns')).body.data;
const named = async (name: string): Promise<Json> => (await campaigns()).find(each => each.name === name);

test('writes a draft that saves itself, looks at what will happen, and sends a test', async () => {
  const { page } = visitor;
  const slots = 'phone,Slot\n+351912000001,19 December at half past ten\n+351912000002,20 December';
  const file = await imported(scenario, slots, { columns: [{ column: 2, target: 'value' }] });
  await page.getByRole('link', { name: 'Campaigns' }).first().click();
  await page.getByText('No campaigns yet').waitFor();
  await page.getByRole('link', { name: 'New campaign' }).click();
  await page.getByRole('button', { name: 'Write the draft' }).click();
  await page.getByText('Fill this in.').waitFor();
  await page.getByLabel('Name', { exact: true }).fill('Signed copies');
  await page.getByRole('button', { name: 'Write the draft' }).click();
  await page.waitForURL('**/campaigns/*/edit');

  // Problems stand beside the form, and at their fields after the first try.
  await page.getByRole('link', { name: 'Say who gets it.' }).waitFor();
  await page.getByRole('button', { name: 'Start now' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Start now' }).click();
  await said(page, 'The campaign cannot start yet.');
  await page.getByRole('alert').filter({ hasText: 'Write a message.' }).waitFor();

  await page.getByLabel('Template', { exact: true }).selectOption('appointment_reminder');
  await page.getByRole('combobox', { name: /^Value of 1$/ }).selectOption({ label: 'First name' });
  await page.getByLabel('If 1 is empty').fill('friend');
  await page.getByRole('combobox', { name: /^Value of 2$/ }).selectOption({ label: 'The same text for everybody' });
  await page.getByLabel('Text of 2').fill('19 December');
  await page.getByRole('button', { name: 'Segment, contacts, campaign' }).first().click();
  await page.getByRole('menuitem', { name: 'Choose contacts' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Label', { exact: true }).selectOption('collector');
  await dialog.getByRole('button', { name: 'Choose all 12 that fit' }).click();
  await dialog.getByText('12 chosen').waitFor();
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();

  // The list has one of them, who is left out.
  await page.getByRole('button', { name: 'Segment, contacts, campaign' }).last().click();
  await page.getByRole('menuitem', { name: 'Segment or list' }).click();
  await dialog.getByLabel('Segment or list').selectOption({ label: 'Had one already' });
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('Taken out by “But not to”').waitFor();
  await page.getByText('11 people').waitFor();
  await page.getByRole('button', { name: 'Had one already' }).click();

  await page.getByText('12 people').waitFor();

  // A column of a file that is one of the sources.
  await page.getByRole('button', { name: 'Segment, contacts, campaign' }).first().click();
  await page.getByRole('menuitem', { name: 'People of an imported file' }).click();
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('combobox', { name: /^Value of 2$/ }).selectOption({ label: 'Slot' });
  await page.getByLabel('If 2 is empty').fill('soon');
  const preview = page.getByRole('figure');
  await page.getByRole('button', { name: 'Longest' }).click();
  await preview.getByText('19 December at half past ten').waitFor();
  await page.getByRole('button', { name: 'Emptiest' }).click();
  await preview.getByText('soon').waitFor();
  expect((await named('Signed copies')).variants[0].message.variables.body_2).toEqual({
    from: 'column',
    value: 'slot',
    fallback: 'soon',
  });
  await page.getByRole('button', { name: `file ${file.name}` }).click();
  await page.getByRole('combobox', { name: /^Value of 2$/ }).selectOption({ label: 'The same text for everybody' });
  await page.getByLabel('Text of 2').fill('19 December');
  await page.getByText('It cannot start yet').waitFor({ state: 'detached' });
  await preview.getByText('19 December').waitFor();
  await page.getByRole('button', { name: 'Emptiest' }).click();
  await preview.getByText('friend').waitFor();
  const draft = await named('Signed copies');
  expect(draft.variants[0].message.variables).toEqual({
    body_1: { from: 'built_in', value: 'first_name', fallback: 'friend' },
    body_2: { from: 'constant', value: '19 December' },
  });

  await page.getByRole('button', { name: 'Send a test' }).click();
  await dialog.getByLabel('Name or number').fill('Reader 3');
  await dialog.getByRole('listitem').filter({ hasText: 'Reader 3' }).getByRole('checkbox').check();
  await dialog.getByRole('button', { name: 'Send the test to 1 person' }).click();
  await dialog.getByRole('link', { name: 'Accepted: show the message' }).waitFor();
  await dialog.getByRole('button', { name: 'Done' }).click();
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(visitor.mistakes).toEqual([]);
});

test('says that somebody else changed the draft, and shows their change', async () => {
  const { page } = visitor;
  const { id } = await named('Signed copies');
  const name = page.getByLabel('Name', { exact: true });
  // The other one is quicker: the change of this browser stays on its way.
  let release = () => {};
  const held = new Promise<void>(resolve => {
    release = resolve;
  });
  await page.route(`**/campaigns/${id}`, async route => {
    if (route.request().method() === 'PATCH') await held;
    await route.continue();
  });
  const sent = page.waitForRequest(request => request.method() === 'PATCH');
  await name.fill('Signed copies, mine');
  await sent;
  await scenario.api('PATCH', `/api/v1/campaigns/${id}`, { name: 'Signed copies, theirs' });
  release();
  await page.getByText('Somebody else changed this draft.').waitFor();
  await page.unroute(`**/campaigns/${id}`);
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => name.inputValue()).toBe('Signed copies, theirs');
  await name.fill('Signed copies');
  await page.getByText('Draft, saved').waitFor();
  await expect.poll(async () => (await named('Signed copies'))?.id).toBe(id);
  expect(visitor.mistakes).toEqual([]);
});

test('starts it, pauses and resumes it, and shows its people and its result', async () => {
  const { page } = visitor;
  const { id } = await named('Signed copies');
  // A paused account keeps the messages where they are.
  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/pause`);
  await page.getByRole('button', { name: 'Start now' }).click();
  await page
    .getByRole('dialog', { name: 'Write to 12 people now?' })
    .getByRole('button', { name: 'Start now' })
    .click();
  await page.waitForURL(`**/campaigns/${id}`);
  await page.getByText('0 of 12 people have been tried').waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('dialog').getByLabel('Why').fill('Wrong shop in the text');
  await page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByText('12 wait, nothing is lost.').waitFor();
  await page.getByText('“Wrong shop in the text”').waitFor();
  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/resume`);
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByText('12 of 12 people have been tried').waitFor();
  await page.getByText('Done', { exact: true }).waitFor();

  const rows = page.getByRole('region', { name: 'People' }).getByRole('row');
  await expect.poll(() => rows.count()).toBe(13);
  await page.getByRole('button', { name: /^Failed/ }).click();
  await page.waitForURL('**/campaigns/*?state=failed');
  await page.getByText('Nobody fits').waitFor();
  await page.getByRole('button', { name: 'All', exact: true }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export' }).click();
  const file = await (await (await download).createReadStream()).toArray();
  expect(Buffer.concat(file).toString('utf8').trim().split('\r\n')).toHaveLength(13);

  // A reply that comes now is a likely one.
  const [person] = (await scenario.api('GET', `/api/v1/campaigns/${id}/recipients`)).body.data;
  await write(person.phone, 'Keep one for me!');
  await page.getByRole('link', { name: /^Replies/ }).click();
  await page.getByText('Keep one for me!').waitFor();
  await page.getByRole('link', { name: 'Result' }).click();
  await page.getByText('Likely replies').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(visitor.mistakes).toEqual([]);
});

test('shows a held campaign, and another person approves a large one', async () => {
  const { page } = visitor;
  await scenario.api('PATCH', '/api/v1/workspace/campaigns', { approval_above: 5 });
  const first = await named('Signed copies');
  // WhatsApp refuses the account: the campaign is held before the next wave.
  scenario.simulator.setFault(() => 'payment-failed');
  const contactIds = first.include[0].contact_ids;
  const { body: held } = await scenario.api('POST', '/api/v1/campaigns', {
    name: 'Held one',
    account_ids: first.account_ids,
    variants: first.variants,
    include: [{ contact_ids: contactIds.slice(0, 4) }],
    waves: { sizes: [2] },
  });
  await scenario.api('POST', `/api/v1/campaigns/${held.id}/start`, {});
  await visitor.goto('/campaigns?tab=active');
  await page.getByText('Held', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Held one' }).click();
  await page.getByText('An account needs attention.').waitFor();
  await page.getByRole('button', { name: 'Resume anyway' }).waitFor();
  scenario.simulator.setFault(null);
  await page.getByRole('button', { name: 'Actions for Held one' }).click();
  await page.getByRole('menuitem', { name: 'Cancel the campaign' }).click();
  await page
    .getByRole('dialog', { name: /^Cancel the \d that waits?/ })
    .getByRole('button', { name: 'Cancel the campaign' })
    .click();
  await page.getByText(/cancelled before/).waitFor();

  await visitor.goto(`/campaigns/${first.id}`);
  await page.getByRole('button', { name: 'Actions for Signed copies' }).click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await page.waitForURL('**/edit');
  await page.getByText('A second person must approve a campaign of this size.').waitFor();
  await page.getByRole('button', { name: 'Ask for approval' }).click();
  await page.getByRole('link', { name: 'Show the request' }).click();
  await page.waitForURL('**/approval');
  const approve = page.getByRole('button', { name: 'Approve 12 people' });
  await approve.waitFor();
  expect(await approve.getAttribute('aria-disabled')).toBe('true');
  await page.getByText('You asked for it. You changed it last.').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);

  const admin = await join(scenario, 'admin');
  const other = await visit(scenario, { theme: 'dark', width: 390 });
  await logIn(other, admin.email, goodPassword);
  await other.goto('/campaigns');
  await other.page.getByText('Waits for approval').waitFor();
  expect(await accessibilityProblems(other.page)).toEqual([]);
  // Refused with a reason, which its asker reads; asked again, the news leads to the page, and the second one approves.
  await other.page.getByRole('link', { name: 'Copy of Signed copies' }).click();
  await other.page.getByRole('link', { name: 'Show the request' }).click();
  await other.page.getByLabel('Reason, if you refuse').fill('The price is wrong');
  await other.page.getByRole('button', { name: 'Refuse' }).click();
  await said(other.page, 'The campaign is not approved.');
  await page.getByText('It waits for no approval.').waitFor();
  await page.getByText('“The price is wrong”').waitFor();
  await other.goto('/notifications');
  await other.page.getByRole('heading', { name: 'Notifications' }).waitFor();
  await scenario.api('POST', `/api/v1/campaigns/${(await named('Copy of Signed copies')).id}/ask`);
  await other.page.getByRole('link', { name: 'Copy of Signed copies' }).first().click();
  await other.page.waitForURL('**/approval');
  await other.page.getByText('In the audience').waitFor();
  await other.page.getByRole('button', { name: 'Approve 12 people' }).waitFor();
  expect(await accessibilityProblems(other.page)).toEqual([]);
  expect(
    (await other.page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number,
  ).toBeLessThanOrEqual(0);
  await other.page.getByRole('button', { name: 'Approve 12 people' }).click();
  await said(other.page, 'The campaign is approved.');
  await other.page.getByText(/For 12 people, /).waitFor();
  await other.goto(`/campaigns/${first.id}`);
  await other.page.getByText('12 of 12 people have been tried').waitFor();
  expect(await accessibilityProblems(other.page)).toEqual([]);
  const over = (await other.page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
  expect(over).toBeLessThanOrEqual(0);
  await other.goto(`/campaigns/${(await named('Copy of Signed copies')).id}/edit`);
  await other.page.getByText('Draft, saved').waitFor();
  expect(await accessibilityProblems(other.page)).toEqual([]);
  expect(
    (await other.page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number,
  ).toBeLessThanOrEqual(0);
  expect([...visitor.mistakes, ...other.mistakes]).toEqual([]);
  await other.close();
});

test('a campaign says why it waits, and outcomes that nobody knows are decided at once', async () => {
  const { page } = visitor;
  const { body: contact } = await scenario.api('POST', '/api/v1/contacts', { name: 'Rita', phone: '+351912000099' });
  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/pause`, {});
  const template = { name: 'hello_world', language: { code: 'en_US' } };
  const { body: campaign } = await scenario.api('POST', '/api/v1/campaigns', {
    name: 'Book fair weekend',
    account_ids: [scenario.account.id],
    include: [{ contact_ids: [contact.id] }],
    variants: [{ share: 100, message: { type: 'template', template } }],
  });
  await scenario.api('POST', `/api/v1/campaigns/${campaign.id}/start`, {});
  await visitor.goto(`/campaigns/${campaign.id}`);
  await page.getByText('1 waits: Paused.').waitFor();
  await page.getByRole('link', { name: 'See it' }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/resume`, {});
  await page.getByText('1 needs a decision: WhatsApp may have taken it.').waitFor();
  scenario.simulator.setFault(null);
  expect(await accessibilityProblems(page)).toEqual([]);
  // Sending again asks before; nothing is repeated by itself.
  await page.getByRole('button', { name: 'Send it again' }).click();
  await page.getByRole('dialog').getByText('These people may get the message twice.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'It arrived' }).click();
  await said(page, '1 message is decided.');
  await page.getByText('1 needs a decision').waitFor({ state: 'detached' });
  expect((await named('Book fair weekend')).counts).toMatchObject({ unknown: 0, sent: 1 });
  expect(visitor.mistakes).toEqual([]);
});
