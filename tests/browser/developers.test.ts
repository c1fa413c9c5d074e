// The pages for developers in a browser: endpoints with their deliveries, the request log and dead letters.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { incoming, metaPosts } from '../setup/meta-posts.ts';
import { type Receiver, startReceiver } from '../setup/receiver.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, looks, said, settled, type Visitor, visit } from './browser.ts';

let scenario: Scenario;
let visitor: Visitor;
let receiver: Receiver;
const { envelope, post } = metaPosts(() => scenario);
beforeAll(async () => {
  receiver = await startReceiver();
  scenario = await startScenario({ env: { WEBHOOK_ALLOWED_HOSTS: receiver.host } });
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
  await receiver.close();
});

test('an endpoint is made, tried, looked into, given a new secret, recovered, paused and deleted', async () => {
  const { page } = visitor;
  const dialog = page.getByRole('dialog');
  await visitor.goto('/developers/endpoints');
  await page.getByText('No endpoints yet').waitFor();
  await page.getByRole('button', { name: 'New endpoint' }).click();
  await dialog.getByLabel('Address').fill(receiver.url('/shop'));
  await dialog.getByLabel('Event types').fill('message.received\nnobody.knows');
  await dialog.getByRole('button', { name: 'Make the endpoint' }).click();
  await dialog.getByText('Is not a type of event.').waitFor();
  await dialog.getByLabel('Event types').fill('message.received');
  await dialog.getByLabel('Sees phone numbers').uncheck();
  await dialog.getByRole('button', { name: 'Make the endpoint' }).click();
  const secret = page.getByLabel('Secret', { exact: true });
  expect(await secret.textContent()).toMatch(/^whsec_/);
  await page.getByRole('row').getByRole('link').click();
  await page.getByRole('heading', { name: receiver.host }).waitFor();
  await page.getByText('Numbers masked').waitFor();

  await page.getByRole('button', { name: 'Test event' }).click();
  await said(page, 'A test event is on its way.');
  await expect.poll(() => receiver.got('/shop').length).toBe(1);
  await page.reload();
  await page.getByRole('button', { name: 'endpoint.test' }).click();
  await dialog.getByText('"type": "endpoint.test"').waitFor();
  await dialog.getByText(/^20\d$/).waitFor();
  await dialog.getByRole('button', { name: 'Resend' }).click();
  await said(page, 'The event is delivered again.');
  await expect.poll(() => receiver.got('/shop').length).toBe(2);

  const menu = page.getByRole('button', { name: `Actions for ${receiver.host}` });
  await menu.click();
  await page.getByRole('menuitem', { name: 'New secret' }).click();
  await dialog.getByRole('button', { name: 'New secret' }).click();
  expect(await secret.textContent()).toMatch(/^whsec_/);
  // One that the receivers know already is not shown.
  await menu.click();
  await page.getByRole('menuitem', { name: 'New secret' }).click();
  await dialog.getByLabel('Your own secret').fill('whsec_short');
  await dialog.getByRole('button', { name: 'New secret' }).click();
  await dialog.getByText('Must be whsec_ and the base64 of 24 to 64 bytes.').waitFor();
  await dialog.getByLabel('Your own secret').fill(`whsec_${'A'.repeat(32)}`);
  await dialog.getByRole('button', { name: 'New secret' }).click();
  await said(page, 'The new secret is made.');
  await secret.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Recover' }).click();
  await dialog.getByRole('button', { name: 'Recover' }).click();
  await said(page, 'The events are delivered again.');
  await menu.click();
  await page.getByRole('menuitem', { name: 'Pause' }).click();
  await page.getByText('paused').waitFor();
  await menu.click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No endpoints yet').waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('the event log is live, pauses and counts, filters, and opens an event', async () => {
  const { page } = visitor;
  await visitor.goto('/developers/events');
  await page.locator('tbody tr').first().waitFor();
  const rows = (text: string) => page.getByRole('row').filter({ hasText: text });
  await scenario.send('+33600000701', 'one');
  await scenario.settle();
  await rows('message.sent').first().waitFor();
  const before = await rows('message.sent').count();
  await page.getByRole('button', { name: 'Pause' }).click();
  const { id } = await scenario.send('+33600000702', 'two');
  await scenario.settle();
  const above = page.getByRole('button', { name: /^\d+ new above$/ });
  await above.waitFor();
  expect(await rows('message.sent').count()).toBe(before);
  await above.click();
  await expect.poll(() => rows('message.sent').count()).toBe(before + 1);
  await page.getByRole('button', { name: 'Resume' }).click();

  await page.getByRole('searchbox', { name: /^Id of a message/ }).fill(id);
  await page.getByRole('button', { name: `${id.slice(0, 8)}…${id.slice(-4)}` }).waitFor();
  await expect.poll(() => page.locator('tbody tr').count()).toBe(5);
  await page.getByRole('combobox', { name: 'Types of events' }).fill('message.del');
  await page.getByRole('option', { name: 'message.delivered' }).click();
  await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
  await page.getByRole('button', { name: 'message.delivered' }).click();
  await page.getByText('"type": "message.delivered"').waitFor();
  await page.getByRole('link', { name: id }).click();
  await page.waitForURL(`**/messages/${id}`);
  expect(visitor.mistakes).toEqual([]);
});

test('the request log shows what a key asked and was answered, and filters', async () => {
  const { page } = visitor;
  const { body } = await scenario.api('POST', '/api/v1/keys', { name: 'Shop', scopes: ['contacts.read'] });
  await scenario.as(body.key)('GET', '/api/v1/contacts?search=%2B5511912345678', undefined, {
    'x-request-id': 'shop-7',
  });
  await scenario.as(body.key)('POST', '/api/v1/contacts', { name: 'Ana' }, { 'x-request-id': 'shop-8' });
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await page.getByRole('heading', { name: 'Developers' }).waitFor();
  await page.getByRole('link', { name: 'Requests' }).click();
  await settled(page);
  const rows = page.getByRole('row').filter({ hasText: 'shop-' });
  await expect.poll(() => rows.count()).toBe(2);
  expect(await rows.first().textContent()).toMatch(/POST.*\/contacts.*forbidden.*403.*Shop/);
  expect(await page.content()).not.toContain('5511912345678');
  await page.getByRole('button', { name: 'Refused' }).click();
  await expect.poll(() => rows.count()).toBe(1);
  await rows.getByRole('link', { name: 'Shop' }).click();
  await page.getByRole('button', { name: 'Only Shop' }).click();
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Path or request id' }).fill('shop-7');
  await expect.poll(() => rows.count()).toBe(1);
  await page.getByRole('button', { name: 'Failed' }).click();
  await page.getByText('No request fits').waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('a dead letter is looked at, tried again and discarded', async () => {
  const { page } = visitor;
  await post(envelope({ messages: [incoming('33600000700', 'wamid.bad', { timestamp: 'never' })] }));
  await visitor.goto('/developers/dead-letters');
  await page.getByText('An item has an unknown form').waitFor();
  await page.getByRole('button', { name: 'Actions for timestamp is not a time' }).click();
  await page.getByRole('menuitem', { name: 'Look at it' }).click();
  await page.getByRole('dialog').getByText('wamid.bad').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Actions for timestamp is not a time' }).click();
  await page.getByRole('menuitem', { name: 'Discard' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await said(page, 'The dead letter is discarded.');
  await page.getByText('No dead letters').waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test.each(looks)('is accessible and fits: $theme, $width px, $language', async look => {
  const other = await visit(scenario, look);
  const { page } = other;
  await logIn(other);
  const { body } = await scenario.api('POST', '/api/v1/endpoints', { url: receiver.url('/looked') });
  await scenario.api('POST', `/api/v1/endpoints/${body.id}/test`);
  await expect.poll(() => receiver.got('/looked').length).toBeGreaterThan(0);
  await post(envelope({ messages: [incoming('33600000700', 'wamid.worse', { timestamp: 'never' })] }));
  for (const path of ['endpoints', `endpoints/${body.id}`, 'events', 'requests', 'dead-letters']) {
    await other.goto(`/developers/${path}`);
    await page.locator('tbody tr').first().waitFor();
    await settled(page);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  }
  expect(other.mistakes).toEqual([]);
  await other.close();
});
