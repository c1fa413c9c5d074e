// The inbox in a browser: the list, the thread, and what can be done with a message.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { incoming, metaPosts } from '../setup/meta-posts.ts';
import { goodPassword, join } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, hold, logIn, looks, type Visitor, visit } from './browser.ts';
import { people, photo, sound } from './inbox-world.ts';

const ana = '33613000001';
const bruno = '33613000002';
const hostile = '33613000003';
const long = '33613000004';
const rejected = '12025550113';
const lost = '12025550117';

let scenario: Scenario;
let visitor: Visitor;
let world: ReturnType<typeof people>;
const { envelope, post } = metaPosts(() => scenario);

beforeAll(async () => {
  scenario = await startScenario();
  world = people(scenario);
  await world.write(ana, 'Hello, is my order 4127 ready?', 'Ana Souza');
  await scenario.settle();
  await scenario.send(`+${ana}`, 'It is. Come at five.');
  await world.write(bruno, 'First question', 'Bruno');
  await world.write(bruno, 'Second question', 'Bruno');
  await scenario.settle();
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

const conversationOf = async (number: string): Promise<string> =>
  (await scenario.api('GET', `/api/v1/messages?phone=%2B${number}&limit=1`)).body.data[0].conversation_id;
const rowOf = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name });
/** The thread; the simulated phone beside it has a log too. */
const logOf = (page: Page) => page.getByRole('log', { name: /^Messages with/ });

test('lists conversations, and shows what people write as it comes', async () => {
  const { page } = visitor;
  await visitor.goto('/inbox');
  await rowOf(page, 'Bruno').getByText('2 unread').waitFor();
  await rowOf(page, 'Ana Souza').getByText('You: It is. Come at five.').waitFor();
  await rowOf(page, 'Ana Souza').click();
  await logOf(page).getByText('It is. Come at five.').waitFor();
  await world.write(ana, 'Thank you, see you then');
  await logOf(page).getByText('Thank you, see you then').waitFor();
  // Somebody sees it, so it is read, here and at WhatsApp.
  await expect
    .poll(async () => (await scenario.api('GET', '/api/v1/conversations?unread=true')).body.data.length)
    .toBe(1);
  await expect.poll(() => rowOf(page, 'Ana Souza').getByText('unread').count()).toBe(0);
  await world.write('33613000009', 'I am new here', 'Nina');
  // Rows do not move under the pointer, which is still over the list: Ana's waits to move up too.
  await page.getByRole('button', { name: '2 new' }).press('Enter');
  await rowOf(page, 'Nina').getByText('I am new here').waitFor();
});

test('what somebody wrote in a group says so', async () => {
  const { page } = visitor;
  const about = { text: { body: 'Dinner at eight?' }, group_id: '120363000000000001@g.us' };
  await post(envelope({ messages: [incoming('33613000010', 'wamid.group', about)] }));
  await visitor.goto(`/inbox/${await conversationOf('33613000010')}`);
  const bubble = logOf(page).getByRole('article').filter({ hasText: 'Dinner at eight?' });
  await bubble.getByText('In a group').waitFor();
});

test('filters and searches, in the address', async () => {
  const { page } = visitor;
  await visitor.goto('/inbox');
  await page.getByRole('button', { name: 'Unread' }).click();
  await page.waitForURL(/[?&]unread=true/);
  await rowOf(page, 'Bruno').waitFor();
  await expect.poll(() => rowOf(page, 'Ana Souza').count()).toBe(0);
  await page.keyboard.press('/');
  await page.keyboard.type('brun');
  await page.waitForURL(/q=brun/);
  await expect.poll(() => page.getByRole('listitem').count()).toBe(1);
  await page.keyboard.type('zzz');
  await page.getByText('Nothing fits').waitFor();
  await page.keyboard.press('Escape');
  await page.waitForURL(url => !url.search.includes('q='));
  await page.getByRole('button', { name: 'Unread', pressed: true }).click();
  await page.waitForURL(url => url.search === '');
  await rowOf(page, 'Ana Souza').waitFor();
});

test('a line shows where the unread messages begin', async () => {
  const { page } = visitor;
  await visitor.goto('/inbox');
  await rowOf(page, 'Bruno').click();
  await logOf(page).getByText('2 new messages').waitFor();
  await logOf(page).getByText('First question').waitFor();
  // In one step: the log moves when the composer comes.
  const [line, first] = await page.evaluate<[number, number]>(`(() => {
    const rows = [...document.querySelectorAll('[role=log] [data-index]')];
    const topOf = text => rows.find(row => row.textContent.includes(text)).getBoundingClientRect().top;
    return [topOf('2 new messages'), topOf('First question')];
  })()`);
  expect(line).toBeLessThan(first);
});

test('a failed message says why, and is tried again', async () => {
  const { page } = visitor;
  const { id } = await scenario.send(`+${rejected}`, 'To a number that rejects.');
  await scenario.settle();
  await visitor.goto(`/inbox/${await conversationOf(rejected)}`);
  await logOf(page).getByText('Not sent: the 24-hour window is closed. Send a template instead. (131047)').waitFor();
  const attempts = async () => (await scenario.message(id)).attempts.length;
  const before = await attempts();
  await logOf(page).getByRole('button', { name: 'Retry' }).click();
  await expect.poll(attempts).toBe(before + 1);
  await logOf(page).getByRole('button', { name: 'Failed. Show the details' }).click();
  const details = page.getByRole('complementary');
  await details.getByText('Attempt 2').waitFor();
  await details.getByText(id, { exact: true }).waitFor();
  await logOf(page).getByRole('button', { name: 'Send as template' }).click();
  await page.getByRole('listbox', { name: 'Templates' }).waitFor();
  await expect.poll(() => page.evaluate("document.activeElement.closest('[role=listbox]') !== null")).toBe(true);
});

test('an unknown outcome is explained and resolved', async () => {
  const { page } = visitor;
  const { id } = await scenario.send(`+${lost}`, 'Where are you?');
  await scenario.settle();
  await visitor.goto(`/inbox/${await conversationOf(lost)}`);
  await logOf(page).getByText('WhatsApp may have taken this. We are waiting for its receipt').waitFor();
  await logOf(page).getByRole('button', { name: 'Resolve' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'It arrived' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect.poll(async () => (await scenario.message(id)).status).toBe('sent');
  await logOf(page).getByRole('button', { name: 'Sent. Show the details' }).waitFor();
});

test('a message that waits says why, and one for later can be cancelled', async () => {
  const { page } = visitor;
  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/pause`);
  await visitor.goto(`/inbox/${await conversationOf(ana)}`);
  await logOf(page).getByText('It is. Come at five.').waitFor();
  const { id } = await scenario.send(`+${ana}`, 'Waits for its account.');
  await logOf(page).getByText('Waits until somebody resumes Sandbox.').waitFor();
  await logOf(page).getByRole('button', { name: 'Cancel' }).click();
  await logOf(page).getByText('Cancelled before it left.').waitFor();
  expect((await scenario.message(id)).status).toBe('cancelled');
  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/resume`);
});

test('begins a conversation with a number', async () => {
  const { page } = visitor;
  await visitor.goto('/inbox');
  await page.getByRole('button', { name: 'New conversation' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Number or name').fill('123');
  await dialog.getByRole('button', { name: 'Open the conversation' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('Number or name').fill('+33 6 13 00 00 44');
  await dialog.getByRole('button', { name: 'Open the conversation' }).click();
  await page.getByRole('heading', { name: '+33 6 13 00 00 44' }).waitFor();
  await page.getByText('The first one appears here.').waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('texts and names of strangers are inert', async () => {
  const { page } = visitor;
  const script = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`;
  await world.write(hostile, `${script} javascript:alert(1) https://example.com/\u202egpj.exe`, `\u202e${script}`);
  await world.write(hostile, { type: 'location', location: { latitude: 1, longitude: 2, name: script } });
  await world.write(hostile, { type: 'contacts', contacts: [{ name: { formatted_name: script }, phones: [] }] });
  await scenario.settle();
  await visitor.goto(`/inbox/${await conversationOf(hostile)}`);
  await logOf(page).getByText('javascript:alert(1)').waitFor();
  expect(await logOf(page).locator('img, script').count()).toBe(0);
  expect(await logOf(page).locator('a').first().getAttribute('href')).toBe('https://example.com/');
  expect(await page.title()).not.toBe('taken');
  expect(visitor.mistakes).toEqual([]);
});

const typed = (page: Page) => page.getByRole('textbox', { name: /^Write to/ }).inputValue();
const focused = (page: Page, what = 'textContent') =>
  page.evaluate<string>(`String(document.activeElement?.${what} ?? '')`);

test('answers ten conversations by the keyboard alone', async () => {
  const { page } = visitor;
  const numbers = Array.from({ length: 10 }, (_, n) => `336130020${String(n).padStart(2, '0')}`);
  for (const [n, number] of numbers.entries()) await world.write(number, `Question ${n}`, `Caller ${n}`);
  await scenario.settle();
  await visitor.goto('/inbox?unread=true');
  await rowOf(page, 'Caller 0').waitFor();
  const before = (await scenario.api('GET', '/api/v1/conversations/counts')).body.unread;
  await page.keyboard.press('j');
  for (let n = before; n > 0; n--) {
    const path = new URL(page.url()).pathname;
    // Letters typed right after a conversation opens go into its field, and run no key.
    await page.keyboard.type('jokes, ruled out?');
    await expect.poll(() => typed(page)).toBe('jokes, ruled out?');
    await page.keyboard.press('Control+Enter');
    if (n > 1) await page.waitForURL(url => url.pathname !== path);
  }
  await page.getByText('Nothing else is unread.').first().waitFor();
  await expect
    .poll(async () => (await scenario.api('GET', '/api/v1/conversations/counts')).body.unread, { timeout: 10_000 })
    .toBe(0);
  for (const number of numbers) {
    const { data } = (await scenario.api('GET', `/api/v1/messages?phone=%2B${number}&direction=outbound`)).body;
    expect(data.map(({ text }: { text: { body: string } }) => text.body)).toEqual(['jokes, ruled out?']);
  }
  expect(visitor.mistakes).toEqual([]);
});

test('the list is one stop of Tab, and keys lead from pane to pane', async () => {
  const { page } = visitor;
  await visitor.goto('/inbox');
  await rowOf(page, 'Ana Souza').waitFor();
  // From the last control above the list: one step into it, the next one out of it.
  await page.getByRole('button', { name: 'Closed', exact: true }).focus();
  await page.keyboard.press('Tab');
  expect(await focused(page, 'closest("[role=listitem]")?.ariaPosInSet')).toBe('1');
  await page.keyboard.press('Tab');
  expect(await focused(page, 'closest("[role=listitem]")')).not.toMatch('HTML');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('End');
  await expect
    .poll(() => focused(page, 'closest("[role=listitem]")?.ariaPosInSet'))
    .toBe(String((await scenario.api('GET', '/api/v1/conversations/counts')).body.all));
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => focused(page, 'closest("[role=listitem]")?.ariaPosInSet')).toBe('2');
  // Marks the row that has the focus, without opening it.
  await page.keyboard.press('u');
  await page.getByRole('listitem').nth(1).getByText('1 unread').waitFor();
  await page.keyboard.press('e');
  await expect.poll(() => page.getByRole('listitem').nth(1).getByText('unread').count()).toBe(0);
  await page.keyboard.press('Enter');
  await page.keyboard.type('e');
  expect(await typed(page)).toBe('e');
  await page.keyboard.press('Backspace');

  // Escape leaves the field to the row; u marks it, c is back in the field, r replies to the newest of the person.
  await page.keyboard.press('Escape');
  expect(await focused(page, 'getAttribute("data-open")')).toBe('true');
  await page.keyboard.press('u');
  await page.getByRole('listitem').nth(1).getByText('1 unread').waitFor();
  await page.keyboard.press('r');
  await page.getByRole('button', { name: 'Do not quote it' }).waitFor();
  await page.keyboard.press('Escape');
  expect(await page.getByRole('button', { name: 'Do not quote it' }).count()).toBe(0);
  await page.keyboard.press('Escape');
  await page.keyboard.press('c');
  expect(await focused(page, 'tagName')).toBe('TEXTAREA');
  await page.keyboard.press('F6');
  await expect.poll(() => focused(page, 'closest("[data-pane]").tagName')).toBe('ASIDE');
  await page.keyboard.press('Shift+F6');
  await page.keyboard.press('Shift+F6');
  expect(await focused(page, 'tagName')).toBe('ARTICLE');
  await page.keyboard.press('Shift+F6');
  expect(await focused(page, 'getAttribute("data-open")')).toBe('true');

  // The conversation marked as unread is read again once somebody opens it again.
  await page.keyboard.press('k');
  await expect.poll(() => focused(page, 'tagName')).toBe('TEXTAREA');
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await expect.poll(() => page.getByRole('listitem').nth(1).getByText('unread').count()).toBe(0);
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByText('Send, and open the next unread').waitFor();
  await page.keyboard.press('Escape');
});

test('works with the keys of a message', async () => {
  const { page } = visitor;
  await visitor.goto(`/inbox/${await conversationOf(ana)}`);
  await logOf(page).getByText('Thank you, see you then').waitFor();
  await logOf(page).locator('article[tabindex="0"]').focus();
  // The focus follows a key in the next frame.
  for (let text = await focused(page); !text.includes('Thank you, see you then'); text = await focused(page)) {
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => focused(page)).not.toBe(text);
  }
  await page.keyboard.press(':');
  await page.getByRole('button', { name: '👍' }).focus();
  await page.keyboard.press('Enter');
  await logOf(page)
    .getByRole('button', { name: /You reacted with 👍/ })
    .waitFor();
  await logOf(page).getByText('Thank you, see you then').locator('xpath=ancestor::article').focus();
  await page.keyboard.press('i');
  await page.getByRole('complementary', { name: 'Details' }).getByText('Its way').waitFor();
});

test('shows files, plays a voice note, and opens pictures over the whole window', async () => {
  const { page } = visitor;
  const number = '33613000005';
  await world.write(number, 'Look', 'Priya');
  await world.sendFile(number, await photo(), { type: 'image', mime_type: 'image/jpeg', caption: 'The first' });
  await world.sendFile(number, await photo(300, 500), {
    type: 'image',
    mime_type: 'image/jpeg',
    caption: 'The second',
  });
  await world.sendFile(number, sound(), { type: 'audio', mime_type: 'audio/wav', voice: 'true' });
  await scenario.settle();
  await visitor.goto(`/inbox/${await conversationOf(number)}`);
  await logOf(page).getByText('0:02', { exact: true }).waitFor();
  const heightOf = () =>
    logOf(page)
      .locator('.wave > i')
      .last()
      .evaluate(bar => bar.getBoundingClientRect().height);
  const neutral = await heightOf();
  await logOf(page).getByRole('button', { name: 'Play', exact: true }).click();
  // The form of the sound itself, which is loudest at its end.
  await expect.poll(heightOf).toBeGreaterThan(neutral);
  await logOf(page)
    .getByRole('button', { name: /Speed: 1 / })
    .click();
  await logOf(page)
    .getByRole('button', { name: /Speed: 1.5 / })
    .waitFor();

  await logOf(page).getByRole('button', { name: 'Open the photo' }).first().click();
  const viewer = page.getByRole('dialog');
  await viewer.getByText('The first').waitFor();
  await viewer.getByText('1 of 2').waitFor();
  await page.keyboard.press('ArrowRight');
  await viewer.getByText('The second').waitFor();
  await page.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });

  // All files of the conversation stand beside it, and a new one joins them.
  await page.getByRole('button', { name: 'Files', exact: true }).click();
  const files = page.getByRole('list', { name: 'Files' }).getByRole('listitem');
  await expect.poll(() => files.count()).toBe(3);
  await files.first().getByText('Voice message').waitFor();
  await world.sendFile(number, await photo(200, 200), { type: 'image', mime_type: 'image/jpeg', caption: 'The third' });
  await expect.poll(() => files.count()).toBe(4);
  await files.first().getByRole('button').click();
  await viewer.getByText('The third').waitFor();
  await viewer.getByText('3 of 3').waitFor();
  await page.keyboard.press('Escape');
  expect(await accessibilityProblems(page)).toEqual([]);
  // How far the messages to them have got.
  await page.getByRole('button', { name: 'Details', exact: true }).click();
  await page.getByText('Nothing was sent in these 90 days.').waitFor();
  await page.getByRole('textbox', { name: /^Write to/ }).fill('Lovely');
  await page.keyboard.press('Enter');
  await page.getByRole('list', { name: 'Sent to Priya, 90 days' }).waitFor();
  expect(visitor.mistakes).toEqual([]);
});

/**
 * Scrolls up step by step until a message before this number is there. The answer tells each message that moved although
 * nobody scrolled: by half a row or more, as the gap above a message closes a frame after the page before it has come.
 * On a busy machine a row may be drawn some frames after the scroll that it belongs to.
 */
const scrolledUpTo = (number: number) => `(async () => {
  const log = document.querySelector('[role=log]');
  const frames = () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const first = () => Number(/Number (\\d+)/.exec(log.querySelector('article bdi')?.textContent)?.[1]);
  const place = row => ({ top: row.getBoundingClientRect().top, scrolled: log.scrollTop, height: log.scrollHeight });
  const jumps = [];
  // At its top the log waits for the page that is on its way.
  for (let step = 0; step < 40 || !(first() < ${number}); step++) {
    log.scrollTop -= 120;
    await frames();
    const marked = [...log.querySelectorAll('article')].find(row => row.getBoundingClientRect().top > 200);
    const before = place(marked);
    const isStill = () => marked.isConnected && Math.abs(place(marked).top - before.top) < 20;
    await frames();
    const after = place(marked);
    for (let more = 0; more < 5 && !isStill(); more++) await frames();
    if (!isStill()) jumps.push({ step, first: first(), message: marked.textContent, before, after, last: place(marked) });
  }
  return jumps;
})()`;

/** Ends when the log has been at its end for some frames. */
const restAtEnd = `(async () => {
  const log = document.querySelector('[role=log]');
  for (let calm = 0; calm < 5; ) {
    await new Promise(resolve => requestAnimationFrame(resolve));
    calm = log.scrollHeight - log.scrollTop - log.clientHeight < 2 ? calm + 1 : 0;
  }
})()`;

test('a long conversation is read page by page, and nothing jumps', async () => {
  const { page } = visitor;
  const contacts = [{ profile: { name: 'Long' }, wa_id: long }];
  for (let part = 0; part < 6; part++) {
    const messages = Array.from({ length: 100 }, (_, n) =>
      incoming(long, `wamid.long-${part * 100 + n}`, { text: { body: `Number ${part * 100 + n}` } }),
    );
    await post(envelope({ contacts, messages }));
  }
  await scenario.settle();
  const older: string[] = [];
  page.on('request', request => void (/messages\?before=/.test(request.url()) && older.push(request.url())));
  await visitor.goto(`/inbox/${await conversationOf(long)}`);
  await logOf(page).getByText('Number 599', { exact: true }).waitFor();
  // The older ones of the same webhook are marked as read too, and stay where they are.
  await expect
    .poll(
      async () => (await scenario.api('GET', `/api/v1/messages?phone=%2B${long}&limit=100`)).body.data.at(-1).status,
    )
    .toBe('read');
  await page.evaluate(restAtEnd);
  expect(await logOf(page).locator('article').last().textContent()).toContain('Number 599');
  expect(older).toEqual([]);

  // At each step the message that was at the top is where it was, whatever was read meanwhile.
  for (const goal of [540, 480, 400, 250]) {
    expect(await page.evaluate(scrolledUpTo(goal))).toEqual([]);
  }
  // The kept rows are bounded, so the newest have to be read again.
  expect(await logOf(page).locator('article').count()).toBeLessThan(60);
  await page.getByRole('button', { name: 'To the newest' }).click();
  await logOf(page).getByText('Number 599', { exact: true }).waitFor();
});

test('what is read again leaves the older messages that came meanwhile', async () => {
  const { page } = visitor;
  const letStream = await hold(page, /\/events\/stream/);
  await visitor.goto(`/inbox/${await conversationOf(long)}`);
  await logOf(page).getByText('Number 599', { exact: true }).waitFor();
  // The first connection reads again what the page has.
  const again = /\/messages\?(after=.*&)?limit=\d+$/;
  const letAnswer = await hold(page, again);
  const asked = page.waitForRequest(again);
  letStream();
  await asked;
  await page.evaluate(restAtEnd);
  await page.evaluate(scrolledUpTo(480));
  const seen = await logOf(page).locator('article').nth(8).textContent();
  const answered = page.waitForResponse(again);
  letAnswer();
  await (await answered).finished();
  await page.evaluate('new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
  expect(await logOf(page).locator('article').nth(8).textContent()).toBe(seen);
  await page.unrouteAll();
});

/** How far the log is from its end. */
const distance = (page: Page) =>
  page.evaluate<number>(`(async () => {
    await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const log = document.querySelector('[role=log]');
    return Math.round(log.scrollHeight - log.scrollTop - log.clientHeight);
  })()`);

test('on a phone the thread keeps its end over the keyboard and a long text, and a swipe replies', async () => {
  const phone = await visit(scenario, { width: 390 });
  const { page } = phone;
  await world.write(long, 'Is it open?');
  await scenario.settle();
  await logIn(phone);
  await phone.goto('/inbox');
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  await phone.goto(`/inbox/${await conversationOf(long)}`);
  await logOf(page).getByText('Is it open?').waitFor();
  await page.evaluate(restAtEnd);
  expect(await page.getByRole('navigation', { name: 'Main' }).count()).toBe(0);
  // The keyboard opens, and what is written grows.
  await page.setViewportSize({ width: 390, height: 460 });
  await expect.poll(() => distance(page)).toBeLessThan(2);
  await page.getByRole('textbox', { name: /^Write to/ }).fill('One\nTwo\nThree\nFour');
  await expect.poll(() => distance(page)).toBeLessThan(2);
  await page.getByRole('button', { name: 'Template', exact: true }).click();
  await page.getByRole('listbox', { name: 'Templates' }).waitFor();
  await expect.poll(() => distance(page)).toBeLessThan(2);
  expect(await page.getByRole('button', { name: 'To the newest' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Back to the text' }).click();
  // Who has scrolled up stays where they are.
  await page.evaluate("document.querySelector('[role=log]').scrollTop -= 400");
  await page.getByRole('button', { name: 'To the newest' }).waitFor();
  const top = () => page.evaluate<number>("Math.round(document.querySelector('[role=log]').scrollTop)");
  const before = await top();
  await page.getByRole('textbox', { name: /^Write to/ }).fill('One');
  await page.setViewportSize({ width: 390, height: 800 });
  await distance(page);
  expect(await top()).toBe(before);

  const swipe = (px: number) =>
    page.evaluate(`(() => {
      const article = [...document.querySelectorAll('[role=log] article')].at(-1);
      const { left, top } = article.getBoundingClientRect();
      const send = (type, x) => {
        const touch = new Touch({ identifier: 1, target: article, clientX: left + x, clientY: top + 5 });
        const touches = type === 'touchend' ? [] : [touch];
        article.dispatchEvent(new TouchEvent(type, { touches, changedTouches: [touch], bubbles: true, cancelable: true }));
      };
      send('touchstart', 5);
      for (let x = 5; x <= 5 + ${px}; x += 5) send('touchmove', x);
      send('touchend', 5 + ${px});
    })()`);
  await swipe(30);
  expect(await page.getByRole('button', { name: 'Do not quote it' }).count()).toBe(0);
  await swipe(90);
  await page.getByRole('button', { name: 'Do not quote it' }).waitFor();
  expect(phone.mistakes).toEqual([]);
  await phone.close();
});

test('a viewer reads, and is offered no more', async () => {
  const { email } = await join(scenario, 'viewer');
  const other = await visit(scenario);
  await logIn(other, email, goodPassword);
  const { page } = other;
  await world.write(bruno, 'Nobody marks this as read');
  await scenario.settle();
  await other.goto(`/inbox/${await conversationOf(bruno)}`);
  await logOf(page).getByText('Nobody marks this as read').waitFor();
  const thread = page.getByRole('region', { name: 'Conversation with Bruno' });
  expect(await thread.getByRole('textbox').count()).toBe(0);
  await logOf(page).locator('article').last().hover();
  expect(await page.getByRole('button', { name: 'React' }).count()).toBe(0);
  await other.goto(`/inbox/${await conversationOf(rejected)}`);
  await logOf(page).getByText('Not sent:').waitFor();
  expect(await logOf(page).getByRole('button', { name: 'Retry' }).count()).toBe(0);
  expect((await scenario.api('GET', '/api/v1/conversations?unread=true')).body.data.length).toBeGreaterThan(0);
  expect(other.mistakes).toEqual([]);
  await other.close();
});

test.each(looks)('axe finds nothing: $theme, $width px', async look => {
  const other = await visit(scenario, look);
  const { page } = other;
  await logIn(other);
  const problems: string[] = [];
  const examine = async (path: string, ready: string) => {
    await other.goto(path);
    await page.locator(ready).first().waitFor();
    problems.push(...(await accessibilityProblems(page)).map(problem => `${path}: ${problem}`));
    const wide = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    if (wide > 0) problems.push(`${path}: ${wide} px too wide`);
  };
  await examine('/inbox', '[role=listitem]');
  await examine(`/inbox/${await conversationOf(rejected)}`, 'article');
  await examine(`/inbox/${await conversationOf(ana)}?side=details`, 'aside dl');
  expect(problems).toEqual([]);
  expect(other.mistakes).toEqual([]);
  await other.close();
});
