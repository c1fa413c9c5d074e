// The composer in a browser: text, drafts, files, voice notes, templates, schedules, and what happens without a network.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { pdf, png } from '../setup/media-files.ts';
import { goodPassword, join } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, addressOf, closeBrowser, give, logIn, type Visitor, visit } from './browser.ts';

let scenario: Scenario;
let visitor: Visitor;
/** The conversation with Ana, whose window is open. */
let ana: string;
beforeAll(async () => {
  scenario = await startScenario({ window: true });
  ana = await writtenBy('+33612001001');
  // Below 1200 px the simulated phone is not beside it.
  visitor = await visit(scenario, { width: 1100 });
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

/** A person writes to the account; returns the conversation. */
async function writtenBy(phone: string, body = 'Is it ready?'): Promise<string> {
  const answer = await fetch(`${scenario.simulator.url}/phones/${phone.slice(1)}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: scenario.account.phone_number_id, text: { body } }),
  });
  expect(answer.status).toBe(202);
  await scenario.settle();
  const { data } = (await scenario.api('GET', `/api/v1/conversations?search=${phone.slice(1)}`)).body;
  return data[0].id;
}

/** What was sent in a conversation, oldest first. */
async function sentIn(conversation: string): Promise<{ type: string; [field: string]: unknown }[]> {
  const { data } = (await scenario.api('GET', `/api/v1/conversations/${conversation}/messages`)).body;
  return data.filter(({ direction }: { direction: string }) => direction === 'outbound').reverse();
}

const textsIn = async (conversation: string) =>
  (await sentIn(conversation)).map(message => (message.text as { body: string } | undefined)?.body);

const field = (of: Visitor = visitor) => of.page.getByRole('textbox', { name: /^Write to/ });

test('sends with Enter, keeps a line with Shift Enter, and a draft over a reload', async () => {
  const { page } = visitor;
  await visitor.goto(`/inbox/${ana}`);
  await field().fill('It is.');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('Come at five.');
  await page.keyboard.press('Enter');
  await page.getByRole('log').getByText('Come at five.').waitFor();
  expect(await page.getByRole('log').getByText('Come at five.').count()).toBe(1);
  expect(await field().inputValue()).toBe('');
  await expect.poll(() => textsIn(ana)).toEqual(['It is.\nCome at five.']);
  await field().fill('Or at');
  await page.reload();
  await expect.poll(() => field().inputValue()).toBe('Or at');
  await page.keyboard.press('Tab');
  await field().focus();
  await page.keyboard.press('End');
  await page.keyboard.type(' six');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => textsIn(ana)).toEqual(['It is.\nCome at five.', 'Or at six']);
  expect(visitor.mistakes).toEqual([]);
});

test('keeps what is written without a network, and sends it once and in order when it is back', async () => {
  const { page } = visitor;
  const before = (await textsIn(ana)).length;
  // The first answer is lost: the server has the message, the browser does not know.
  await page.route('**/api/v1/messages', async route => {
    await route.fetch();
    await route.abort();
  });
  await field().fill('one');
  await page.keyboard.press('Enter');
  await page.getByText('Kept here. The server does not answer.').waitFor();
  await expect.poll(async () => (await textsIn(ana)).length).toBe(before + 1);
  // An event tells of the stored message; the one that is kept here stands for both.
  await page.getByRole('listitem').getByText('You: one').waitFor();
  expect(
    await page
      .getByRole('log', { name: /^Messages with/ })
      .getByText('one', { exact: true })
      .count(),
  ).toBe(1);
  await page.context().setOffline(true);
  // A try may be on its way.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  for (const text of ['two', 'three']) {
    await field().fill(text);
    await page.keyboard.press('Enter');
  }
  await page.getByText('Kept here. It leaves when the connection is back.').nth(2).waitFor();
  await page.context().setOffline(false);
  await expect.poll(async () => (await textsIn(ana)).slice(before)).toEqual(['one', 'two', 'three']);
  await page.getByText('Kept here.').first().waitFor({ state: 'detached' });
  expect(visitor.mistakes).toEqual([]);
});

test('a message that is written offline leaves once, with two tabs of one outbox', async () => {
  const { page } = visitor;
  const before = (await textsIn(ana)).length;
  const other = await page.context().newPage();
  onTestFinished(() => other.close());
  await other.goto(`${addressOf(scenario)}/inbox/${ana}`);
  await other.getByRole('textbox', { name: /^Write to/ }).waitFor();
  const answers: string[] = [];
  page.context().on('response', response => {
    const request = response.request();
    if (request.method() === 'POST' && request.url().endsWith('/api/v1/messages')) answers.push(request.url());
  });
  await page.context().setOffline(true);
  await field().fill('once');
  await page.keyboard.press('Enter');
  const logIn = (tab: Page) => tab.getByRole('log', { name: /^Messages with/ }).getByText('once', { exact: true });
  // Both tabs show it, and one of them sends it.
  for (const tab of [page, other]) await logIn(tab).waitFor();
  await page.context().setOffline(false);
  await expect.poll(async () => (await textsIn(ana)).slice(before)).toEqual(['once']);
  for (const tab of [page, other]) {
    await tab.getByText('Kept here.').first().waitFor({ state: 'detached' });
    expect(await logIn(tab).count()).toBe(1);
  }
  expect(answers).toHaveLength(1);
  // The browser has no room for a file, and the other tab is faster: it leaves the message to the tab with the file.
  await page.evaluate(`(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
    const request = navigator.locks.request.bind(navigator.locks);
    const first = new Promise(resolve => {
      window.goOn = () => {
        IDBObjectStore.prototype.put = put;
        delete navigator.locks.request;
        resolve();
      };
    });
    navigator.locks.request = (...given) => first.then(() => request(...given));
  })()`);
  const file = { name: 'receipt.pdf', mimeType: 'application/pdf', buffer: pdf() };
  await page.locator('input[type=file]').setInputFiles([file]);
  await page.getByLabel('Caption of receipt.pdf').waitFor();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const isLeft = `navigator.locks.query().then(({ pending }) => pending.some(({ name }) => name.includes('.tab.')))`;
  await expect.poll(() => other.evaluate(isLeft)).toBe(true);
  await page.evaluate('goOn()');
  const document = { filename: 'receipt.pdf' };
  await expect
    .poll(async () => (await sentIn(ana)).slice(before))
    .toMatchObject([{ text: { body: 'once' } }, { document }]);
});

test('counts near the end of a text, and sends none that is too long', async () => {
  const { page } = visitor;
  const before = (await textsIn(ana)).length;
  await field().fill('x'.repeat(3_499));
  expect(await page.getByText('of 4,096').count()).toBe(0);
  await page.keyboard.type('yz');
  await page.getByText('3,501 of 4,096').waitFor();
  await field().fill('x'.repeat(4_097));
  await page.getByText('Too long: WhatsApp takes 4,096 characters at most.').first().waitFor();
  await page.keyboard.press('Enter');
  expect((await field().inputValue()).length).toBe(4_097);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await textsIn(ana)).slice(before).map(text => text?.length)).toEqual([4_096]);
});

test('sends several files with captions: chosen, dropped and pasted', async () => {
  const { page } = visitor;
  const before = (await sentIn(ana)).length;
  const photo = await png(300, 200);
  await page.locator('input[type=file]').setInputFiles([
    { name: 'shop.png', mimeType: 'image/png', buffer: photo },
    { name: 'tool.exe', mimeType: 'application/x-msdownload', buffer: pdf() },
    { name: 'bare.exe', mimeType: '', buffer: Buffer.from('MZ\u0090\0\u0003\0', 'latin1') },
    { name: 'torn.png', mimeType: 'image/png', buffer: photo.subarray(0, 60) },
  ]);
  await page.keyboard.type('The shop');
  expect(await page.getByLabel('Caption of shop.png').inputValue()).toBe('The shop');
  await page.getByText('This picture is damaged and cannot be shown.').waitFor();
  await page.getByText('WhatsApp does not take this type of file.').nth(1).waitFor();
  for (const name of ['tool.exe', 'bare.exe', 'torn.png'])
    await page.getByRole('button', { name: `Remove ${name}` }).click();
  await give(page, 'drop', 'return.pdf', 'application/pdf', pdf());
  await page.getByLabel('Caption of return.pdf').fill('Print it');
  await give(page, 'paste', 'pasted.png', 'image/png', await png(40, 30));
  await page.getByLabel('Caption of pasted.png').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await field().fill('See above');
  await page.keyboard.press('Enter');
  await expect
    .poll(async () => (await sentIn(ana)).slice(before))
    .toMatchObject([
      { type: 'image', image: { caption: 'The shop' } },
      { type: 'document', document: { caption: 'Print it', filename: 'return.pdf' } },
      { type: 'image' },
      { type: 'text', text: { body: 'See above' } },
    ]);
  expect(visitor.mistakes).toEqual([]);
});

test('shows how far an upload is, and stops it', async () => {
  const { page } = visitor;
  const before = (await sentIn(ana)).length;
  await page.route('**/api/v1/media', () => undefined);
  await page
    .locator('input[type=file]')
    .setInputFiles([{ name: 'slow.pdf', mimeType: 'application/pdf', buffer: pdf() }]);
  await page.getByLabel('Caption of slow.pdf').waitFor();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('progressbar', { name: 'Uploading' }).waitFor();
  await page.getByText(/% of 30 kB/).waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('progressbar').waitFor({ state: 'detached' });
  await page.unroute('**/api/v1/media');
  expect((await sentIn(ana)).length).toBe(before);
});

test('a message that was rejected says why, and is edited, discarded and retried', async () => {
  const { page } = visitor;
  const before = (await sentIn(ana)).length;
  const detail = 'The queue is full.';
  await page.route('**/api/v1/messages', route =>
    route.fulfill({ status: 409, json: { code: 'queue_full', title: detail, detail, status: 409 } }),
  );
  await field().fill('Now');
  await page.keyboard.press('Enter');
  const log = page.getByRole('log', { name: /^Messages with/ });
  await log.getByText('Not sent: the queue of the account is full.').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  // Edited, it stands before what was written meanwhile.
  await field().fill('and later');
  await log.getByRole('button', { name: 'Edit' }).click();
  await expect.poll(() => field().inputValue()).toBe('Now\nand later');
  expect(await log.getByRole('button', { name: 'Retry' }).count()).toBe(0);
  await field().fill('Now or never');
  await page.keyboard.press('Enter');
  await log.getByRole('button', { name: 'Discard' }).click();
  await log.getByText('Now or never').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await log.getByText('Now or never').waitFor();
  await page.unroute('**/api/v1/messages');
  // It stays at its time: what is sent later stands below it.
  await field().fill('Later');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await textsIn(ana)).slice(before)).toEqual(['Later']);
  await expect.poll(() => log.getByRole('article').last().textContent()).toContain('Later');
  await log.getByRole('button', { name: 'Retry' }).click();
  await expect.poll(async () => (await textsIn(ana)).slice(before)).toEqual(['Later', 'Now or never']);
});

test('records a voice note, to be heard before it is sent', async () => {
  const { page } = visitor;
  const before = (await sentIn(ana)).length;
  await page.getByRole('button', { name: 'Record a voice note' }).click();
  // It counts on: any second but the first shows that.
  await page
    .getByRole('timer')
    .getByText(/^0:(?!00)\d\d$/)
    .waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByLabel('Listen to the recording').waitFor();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect
    .poll(async () => (await sentIn(ana)).slice(before))
    .toMatchObject([{ type: 'audio', audio: { voice: true } }]);
  await field().waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('sends later, and says whether the window is open then', async () => {
  const { page } = visitor;
  const before = (await sentIn(ana)).length;
  await field().fill('Good morning');
  await page.getByRole('button', { name: 'Send later, and more' }).click();
  await page.getByRole('menuitem', { name: 'Send later' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('The 24-hour window is open then.').waitFor();
  const later = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  await dialog.getByLabel('Date').fill(later);
  await dialog.getByText('The 24-hour window is closed then.').waitFor();
  const soon = new Date(Date.now() + 3_600_000);
  await dialog.getByLabel('Date').fill(await localDate(page, soon));
  await dialog.getByLabel('Time').fill(await localTime(page, soon));
  await dialog.getByRole('button', { name: /^Send .*\d/ }).click();
  await expect
    .poll(async () => (await sentIn(ana)).slice(before))
    .toMatchObject([{ status: 'scheduled', text: { body: 'Good morning' } }]);
  const [message] = (await sentIn(ana)).slice(before);
  expect(Math.abs(Date.parse(String(message?.send_at)) - soon.getTime())).toBeLessThan(60_000);
});

const localDate = (page: Page, at: Date) => page.evaluate(ms => new Date(ms).toLocaleDateString('sv'), at.getTime());
const localTime = (page: Page, at: Date) =>
  page.evaluate(ms => new Date(ms).toLocaleTimeString('sv').slice(0, 5), at.getTime());

test('offers the templates while the window is closed, and the text again when the person writes', async () => {
  const { page } = visitor;
  const tomas = await writtenBy('+33612001002');
  const heard = "last_received_at = now() - interval '25 hours'";
  await scenario.sql(`update conversation set ${heard} where id = $1`, [toUuid(tomas)]);
  await visitor.goto(`/inbox/${tomas}`);
  await page.getByText(/^The 24-hour window closed/).waitFor();
  await page.getByRole('option', { name: /^appointment_reminder/ }).click();
  const form = page.getByRole('form', { name: 'appointment_reminder' });
  await form.getByRole('button', { name: 'Send the template' }).click();
  await form.getByText('Fill this in.').first().waitFor();
  await form.getByLabel('Value 1').fill('Tomás');
  await form.getByLabel('Value 2').fill('Monday at 9');
  await form.getByRole('figure').getByText('Hello Tomás, we remind you of your appointment on Monday at 9.').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await form.getByRole('button', { name: 'Send the template' }).click();
  await expect
    .poll(() => sentIn(tomas))
    .toMatchObject([{ type: 'template', template: { name: 'appointment_reminder' } }]);
  await writtenBy('+33612001002', 'Thank you');
  await field().waitFor();
  await page.getByRole('button', { name: 'Template', exact: true }).click();
  await page.getByRole('listbox', { name: 'Templates' }).waitFor();
  await page.keyboard.press('Escape');
  await field().waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('shows who else views and types, and only reading where a role may not send', async () => {
  const { page } = visitor;
  const [agent, viewer] = await Promise.all(['agent', 'viewer'].map(role => somebody(role)));
  if (!agent || !viewer) throw new Error('nobody came');
  await visitor.goto(`/inbox/${ana}`);
  await agent.goto(`/inbox/${ana}`);
  await page
    .getByRole('img', { name: /agent.? is viewing this/ })
    .first()
    .waitFor();
  await agent.page
    .getByRole('img', { name: /is viewing this/ })
    .first()
    .waitFor();
  // Who stops typing is shown for a few seconds only.
  await Promise.all([page.getByText(/agent.? is typing/).waitFor(), field(agent).pressSequentially('I am')]);
  await agent.close();
  await page.getByText(/agent.? is typing/).waitFor({ state: 'detached' });
  await viewer.goto(`/inbox/${ana}`);
  await viewer.page.getByText('You can read this conversation.').waitFor();
  expect(await field(viewer).count()).toBe(0);
  expect([...visitor.mistakes, ...viewer.mistakes]).toEqual([]);
});

/** Counts the unsent texts and files in the browser. As text: the tests have no types of the browser. */
const keptIn = ({ page }: Visitor) =>
  page.evaluate(`(async () => {
    const keys = Object.keys(localStorage).filter(key => /^recado[.](draft|outgoing)[.]/.test(key));
    const files = await new Promise((resolve, reject) => {
      const opening = indexedDB.open('recado.outgoing', 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore('files');
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const counting = opening.result.transaction('files').objectStore('files').count();
        counting.onsuccess = () => {
          opening.result.close();
          resolve(counting.result);
        };
      };
    });
    return { keys: keys.length, files };
  })()`);

async function askToLogOut({ page }: Visitor): Promise<void> {
  await page.getByRole('button', { name: 'your menu' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
}

test('a logout asks about what is not sent, and deletes it', async () => {
  const first = await somebody('agent');
  const { page } = first;
  await first.goto(`/inbox/${ana}`);
  await page.route('**/api/v1/m{essages,edia}', route =>
    route.request().method() === 'POST' ? route.abort() : route.continue(),
  );
  await field(first).fill('Never arrives');
  await page.keyboard.press('Enter');
  const file = { name: 'a.png', mimeType: 'image/png', buffer: await png(20, 20) };
  await page.locator('input[type=file]').setInputFiles([file]);
  await page.getByLabel('Caption of a.png').waitFor();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await field(first).fill('Between us');
  await expect.poll(() => keptIn(first)).toEqual({ keys: 3, files: 1 });
  await askToLogOut(first);
  const question = page.getByRole('dialog', { name: 'Delete what is not sent?' });
  await question.getByText('Drafts: 1').waitFor();
  await question.getByText('Messages that are not sent: 2').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await question.getByRole('button', { name: 'Stay' }).click();
  expect(await field(first).inputValue()).toBe('Between us');
  expect(await keptIn(first)).toEqual({ keys: 3, files: 1 });
  await askToLogOut(first);
  await question.getByRole('button', { name: 'Delete and log out' }).click();
  await page.getByRole('heading', { name: 'Log in to Recado' }).waitFor();
  await expect.poll(() => keptIn(first)).toEqual({ keys: 0, files: 0 });
  const { email } = await join(scenario, 'agent');
  await logIn(first, email, goodPassword);
  await first.goto(`/inbox/${ana}`);
  await field(first).waitFor();
  expect(await field(first).inputValue()).toBe('');
  // There is nothing to ask about.
  await askToLogOut(first);
  await page.getByRole('heading', { name: 'Log in to Recado' }).waitFor();
  await first.close();
});

test('a person who has to log in again finds the draft, and a removed person leaves none in the browser', async () => {
  const { email, id, api } = await join(scenario, 'agent');
  const theirs = await visit(scenario, { width: 1100 });
  await logIn(theirs, email, goodPassword);
  await theirs.goto(`/inbox/${ana}`);
  await field(theirs).fill('Between us');
  const { data } = (await api('GET', '/api/v1/me/sessions')).body;
  for (const session of data) await api('DELETE', `/api/v1/me/sessions/${session.id}`);
  await theirs.page.reload();
  await theirs.page.getByRole('heading', { name: 'Log in to Recado' }).waitFor();
  expect(await keptIn(theirs)).toEqual({ keys: 1, files: 0 });
  await logIn(theirs, email, goodPassword);
  await theirs.goto(`/inbox/${ana}`);
  await expect.poll(() => field(theirs).inputValue()).toBe('Between us');
  expect((await scenario.api('DELETE', `/api/v1/people/${id}`)).status).toBe(204);
  await theirs.page.getByRole('heading', { name: 'Log in to Recado' }).waitFor();
  await expect.poll(() => keptIn(theirs)).toEqual({ keys: 0, files: 0 });
  await theirs.close();
});

/** A person of this role with a browser of their own; the role is their name. */
async function somebody(role: string): Promise<Visitor> {
  const { email } = await join(scenario, role);
  const theirs = await visit(scenario, { width: 1100 });
  await logIn(theirs, email, goodPassword);
  return theirs;
}
