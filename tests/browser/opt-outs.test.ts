// Opt-outs in a browser: a suggestion, the contact and its ledger, the words, and the page behind a link.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodPassword, join } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, looks, said, type Visitor, visit } from './browser.ts';

const phone = '+33612004321';

let scenario: Scenario;
let visitor: Visitor;
/** Of the conversation with Ana. */
let conversation: { id: string; contact: { id: string } };
beforeAll(async () => {
  scenario = await startScenario({ window: true });
  await writes('Is it ready?');
  conversation = (await scenario.api('GET', `/api/v1/conversations?search=${phone.slice(1)}`)).body.data[0];
  await scenario.api('PATCH', `/api/v1/contacts/${conversation.contact.id}`, { name: 'Ana' });
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

/** Ana writes to the account. */
async function writes(body: string): Promise<void> {
  const answer = await fetch(`${scenario.simulator.url}/phones/${phone.slice(1)}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: scenario.account.phone_number_id, text: { body } }),
  });
  expect(answer.status).toBe(202);
  await scenario.settle();
}

const optedOut = async () => (await scenario.api('GET', `/api/v1/contacts/${conversation.contact.id}`)).body.opted_out;

test('a suggestion is dismissed or taken, and a person is opted out and in with a reason', async () => {
  const { page } = visitor;
  await visitor.goto(`/inbox/${conversation.id}?side=details`);
  const pane = page.getByRole('complementary');
  await pane.getByText('Gets all messages').waitFor();
  // While the page is open: the event brings the bar.
  await writes('please stop sending');
  const bar = page.getByRole('status').filter({ hasText: '“stop sending” is none of the words.' });
  await bar.waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await bar.getByRole('button', { name: 'No' }).click();
  await bar.waitFor({ state: 'detached' });
  expect(await optedOut()).toBe(null);
  await writes('stop messaging me');
  await page.getByRole('button', { name: 'Opt them out' }).click();
  await said(page, 'Ana gets no more marketing.');
  await pane.getByText('Gets no marketing').waitFor();
  await pane.getByRole('listitem').filter({ hasText: 'Wrote “stop messaging”.' }).waitFor();
  expect(await optedOut()).toBe('marketing');

  await pane.getByRole('button', { name: 'Opt out', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'All messages' }).check();
  await dialog.getByRole('button', { name: 'Opt out' }).click();
  await dialog.getByText('Fill this in.').waitFor();
  await dialog.getByLabel('Reason').fill('Asked at the counter.');
  expect(await accessibilityProblems(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Opt out' }).click();
  await pane.getByText('Gets no messages').waitFor();
  expect(await optedOut()).toBe('all');

  await pane.getByRole('button', { name: 'Let messages come again' }).click();
  await dialog.getByLabel('Reason').fill('Asked for the newsletter.');
  await dialog.getByRole('button', { name: 'Let messages come again' }).click();
  await pane.getByText('Gets all messages').waitFor();
  expect(await optedOut()).toBe(null);

  await pane.getByRole('button', { name: 'Add a consent' }).click();
  await dialog.getByLabel('Wording').fill('I would like to hear of new books.');
  await dialog.getByLabel('Legal basis').fill('GDPR Art. 6 (1) a');
  await dialog.getByRole('button', { name: 'Record the consent' }).click();
  await pane.getByRole('listitem').filter({ hasText: 'I would like to hear of new books.' }).waitFor();

  // A colleague is faster.
  await writes('no more messages');
  await page.getByRole('button', { name: 'Opt them out' }).waitFor();
  const open = await scenario.api('GET', `/api/v1/opt-outs/suggestions?state=open&conversation_id=${conversation.id}`);
  await scenario.api('POST', `/api/v1/opt-outs/suggestions/${open.body.data[0].id}/dismiss`);
  await page.getByRole('button', { name: 'Opt them out' }).click();
  await said(page, 'Somebody else has decided this already.');
  await page.getByRole('button', { name: 'Opt them out' }).waitFor({ state: 'detached' });
  expect(visitor.mistakes).toEqual([]);
});

test('somebody limited to some accounts sees what a person wants, and changes nothing', async () => {
  const agent = await join(scenario, 'agent', { account_ids: [scenario.account.id] });
  const other = await visit(scenario);
  const { page } = other;
  await logIn(other, agent.email, goodPassword);
  await writes('please stop sending');
  await other.goto(`/inbox/${conversation.id}?side=details`);
  const pane = page.getByRole('complementary');
  await pane.getByText('Gets all messages').waitFor();
  await pane.getByRole('list', { name: 'Ledger' }).waitFor();
  expect(await page.getByRole('button', { name: /^Opt / }).count()).toBe(0);
  expect(other.mistakes).toEqual([]);
  await other.close();
});

test('words are turned off and added, and act at once', async () => {
  const { page } = visitor;
  await visitor.goto('/settings/opt-outs');
  await page.getByRole('checkbox', { name: 'STOP', exact: true }).uncheck();
  await page.getByLabel('Your own words').first().fill('Chega!\nbasta');
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await page.getByRole('checkbox', { name: 'Answer a word' }).uncheck({ force: true });
  await page.getByRole('button', { name: 'Save' }).click();
  await said(page, 'The settings of opt-outs are saved.');
  // A colleague changes something else meanwhile; a second save leaves it alone.
  await scenario.api('PATCH', '/api/v1/workspace/opt-outs', { words: { turn_on: ['END'] } });
  await page.getByRole('checkbox', { name: 'Marketing needs a consent' }).check({ force: true });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Nothing changed').waitFor();
  const settings = (await scenario.api('GET', '/api/v1/workspace/opt-outs')).body;
  expect(settings).toMatchObject({ effect: 'all', answers: { enabled: false }, consent_required: true });
  expect(settings.words.stop).toEqual(['chega', 'basta']);
  const on = (word: string) => settings.words.built_in.find((each: { word: string }) => each.word === word).on;
  expect([on('STOP'), on('END'), on('SAIR')]).toEqual([false, true, true]);

  await writes('STOP');
  expect(await optedOut()).toBe(null);
  await writes('basta.');
  await visitor.goto(`/inbox/${conversation.id}?side=details`);
  await page.getByRole('complementary').getByText('Gets no messages').waitFor();
  await page.getByRole('complementary').getByText('wrote “basta.”').waitFor();
  await visitor.goto('/settings/opt-outs');
  const row = page.getByRole('row').filter({ hasText: 'Ana' });
  await row.getByText('No messages').waitFor();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export the ledger' }).click(),
  ]);
  expect(await readFile(await file.path(), 'utf8')).toContain('basta.');
  expect(await accessibilityProblems(page)).toEqual([]);
  await visitor.goto(`/inbox/${conversation.id}?side=details`);
  await page.getByRole('complementary').getByText('Gets no messages').waitFor();
  await writes('START');
  await page.getByRole('complementary').getByText('Gets all messages').waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test.each(looks)('the page of a link, without a login: $theme, $width px, $language', async look => {
  const { contact } = conversation;
  const { token } = (await scenario.api('POST', '/api/v1/opt-out-links', { contact_id: contact.id })).body;
  const other = await visit(scenario, look);
  const { page } = other;
  await other.goto(`/opt-out/${token}`);
  const heading = page.getByRole('heading', { level: 1 });
  const press = page.locator('main > button');
  await heading.waitFor();
  // To look at the page changes nothing.
  expect(await optedOut()).toBe(null);
  expect(await page.locator('main').textContent()).toContain('4321');
  expect(await accessibilityProblems(page)).toEqual([]);
  await press.click();
  await page.locator('main [role=status]').waitFor();
  expect(await optedOut()).toBe('marketing');
  expect(await accessibilityProblems(page)).toEqual([]);
  // In each language, and after a reload.
  for (const [language, words] of [
    ['English', 'You get no more offers.'],
    ['Português', 'Você não recebe mais ofertas.'],
    ['Español', 'Ya no recibes ofertas.'],
    ['العربية', 'لن تصلك عروض بعد الآن.'],
  ] as const) {
    const choice = page.getByRole('button', { name: language });
    if ((await choice.count()) > 0) await choice.click();
    await page.getByRole('heading', { name: words }).waitFor();
  }
  await page.reload();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: 'Take it back' }).click();
  await page.getByRole('button', { name: 'No more offers' }).waitFor();
  expect(await optedOut()).toBe(null);
  // A link that was cut says what to do instead.
  await other.goto(`/opt-out/${token.slice(0, -5)}`);
  await page.getByRole('heading', { name: 'This link is not complete.' }).waitFor();
  await page.getByText('STOP', { exact: true }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  // One that was opted out another way cannot be taken back here.
  await scenario.api('POST', '/api/v1/opt-outs', { contact_id: contact.id, category: 'all', reason: 'On the phone.' });
  await other.goto(`/opt-out/${token}`);
  await page.getByRole('heading', { name: 'You get no more messages.' }).waitFor();
  expect(await page.getByRole('button', { name: 'Take it back' }).count()).toBe(0);
  await page.getByText('START', { exact: true }).waitFor();
  const [left] = (await scenario.api('GET', `/api/v1/opt-outs?contact_id=${contact.id}`)).body.data;
  await scenario.api('DELETE', `/api/v1/opt-outs/${left.id}`, { reason: 'Agreed again.' });
  expect(other.mistakes).toEqual([]);
  await other.close();
});
