// The phones' page in a minimal browser that has only what its script needs.
import { createContext, runInContext } from 'node:vm';
import { afterEach, expect, test } from 'vitest';
import type { Simulator } from '../index.ts';
import { business, call, createCleanup, makeReceiver, makeSimulator, sendText } from '../test-harness.ts';
import { phonesPage } from './phone-page.ts';
import { pageScript } from './phone-page-script.ts';

const cleanup = createCleanup();
afterEach(cleanup.run);

const person = '+5511987654321';
const second = '106540352242933';

type Happening = { target: Element; preventDefault(): void; key?: string };

class Element {
  children: Element[] = [];
  parent: Element | undefined;
  attributes: Record<string, string> = {};
  elements: Record<string, Element> = {};
  className = '';
  value = '';
  checked = false;
  hidden = false;
  disabled = false;
  scrollTop = 0;
  scrollHeight = 0;
  clientHeight = 0;
  /** How often it was inserted. */
  moves = 0;
  private words = '';
  private listeners = new Map<string, (event: Happening) => unknown>();

  constructor(readonly tag: string) {}
  get textContent(): string {
    return this.words + this.children.map(child => child.textContent).join('');
  }
  set textContent(text: string) {
    for (const child of this.children) child.parent = undefined;
    this.children = [];
    this.words = text;
  }
  setAttribute(name: string, value: string) {
    if (name === 'value') this.value = value;
    this.attributes[name] = value;
  }
  append(...items: (Element | string)[]) {
    for (const item of items) this.insertBefore(typeof item === 'string' ? textNode(item) : item, null);
  }
  replaceChildren(...items: (Element | string)[]) {
    this.textContent = '';
    this.append(...items);
  }
  insertBefore(child: Element, before: Element | null) {
    child.remove();
    child.parent = this;
    child.moves++;
    this.children.splice(before === null ? this.children.length : this.children.indexOf(before), 0, child);
  }
  remove() {
    if (this.parent) this.parent.children = this.parent.children.filter(each => each !== this);
    this.parent = undefined;
  }
  addEventListener(name: string, listener: (event: Happening) => unknown) {
    this.listeners.set(name, listener);
  }
  focus() {}
  fire(name: string, more: Partial<Happening> = {}) {
    return this.listeners.get(name)?.({ target: this, preventDefault: () => {}, ...more });
  }
  /** All below it of this tag or class, and itself. */
  all(wanted: string): Element[] {
    const fits = this.tag === wanted || this.className.split(' ').includes(wanted);
    return [...(fits ? [this] : []), ...this.children.flatMap(child => child.all(wanted))];
  }
}

const textNode = (text: string) => {
  const node = new Element('#text');
  node.textContent = text;
  return node;
};

/** Opens the page at this path; `poll` resolves when the view is current, and `isOffline` disconnects it. */
const openPage = async (simulator: Simulator, path: string) => {
  const byId = new Map([...phonesPage.matchAll(/ id="([\w-]+)"/g)].map(([, id]) => [id, new Element('main')]));
  const get = (id: string): Element => byId.get(id) ?? new Element('nothing');
  get('find').elements.number = new Element('input');
  Object.assign(get('screen'), { scrollHeight: 2_000, clientHeight: 600 });
  const page = { isOffline: false };
  const location = { pathname: path, href: '' };
  const resized: (() => void)[] = [];
  let poll = () => {};
  let polled = () => {};
  const run = () =>
    new Promise<void>(done => {
      polled = done;
      poll();
    });
  const context = createContext({
    document: {
      body: new Element('body'),
      getElementById: get,
      createElement: (tag: string) => new Element(tag),
      createElementNS: (_: string, tag: string) => new Element(tag),
      addEventListener: () => {},
    },
    location,
    URLSearchParams,
    ResizeObserver: class {
      constructor(run: () => void) {
        resized.push(run);
      }
      observe() {}
    },
    fetch: async (to: string, init: RequestInit) => {
      if (page.isOffline) throw new TypeError('fetch failed');
      return fetch(`${simulator.url}${to}`, init);
    },
    setTimeout: (next: () => void) => {
      poll = next;
      polled();
    },
  });
  const first = new Promise<void>(done => {
    polled = done;
  });
  runInContext(pageScript, context);
  await first;
  const resize = () => {
    for (const run of resized) run();
  };
  return Object.assign(page, { at: get, location, poll: run, resize });
};

const start = async (options = {}) => {
  const receiver = await makeReceiver(cleanup);
  return makeSimulator(cleanup, { callbackUrl: receiver.url, autoRead: false, ...options });
};

const write = (simulator: Simulator, body: unknown, from = person) =>
  call(simulator, 'POST', `/phones/${from}/messages`, body);

test('what is there stays where it is when more comes, and only the newest is announced', async () => {
  const simulator = await start();
  await sendText(simulator, person, 'first');
  await simulator.webhooksIdle();
  const page = await openPage(simulator, `/phones/${encodeURIComponent(person)}`);
  const [row] = page.at('thread').all('row');
  const [bubble] = page.at('thread').all('bubble');
  const [link] = page.at('phones').all('a');
  expect(link?.textContent).toMatch(/^P4Person 4321.*first1 not read$/);
  expect(link?.attributes['aria-current']).toBe('page');
  expect(bubble?.textContent).toMatch(/^first.*not read$/);
  expect(page.at('newest').textContent).toBe('');

  await sendText(simulator, person, 'second');
  await simulator.webhooksIdle();
  await page.poll();
  expect(page.at('newest').textContent).toMatch(/, from \+15552242922: second$/);
  await page.at('read').fire('click');
  await page.poll();
  expect(page.at('thread').all('row')).toHaveLength(2);
  expect(page.at('thread').all('row')[0]).toBe(row);
  expect(page.at('thread').all('bubble')[0]).toBe(bubble);
  expect([row?.moves, bubble?.moves]).toEqual([1, 1]);
  expect(bubble?.textContent).not.toMatch(/not read/);
  expect(page.at('phones').all('a')[0]).toBe(link);
  expect(link?.textContent).toMatch(/second$/);
});

test('the first message of a phone that had none is announced too', async () => {
  const simulator = await start();
  const page = await openPage(simulator, `/phones/${person}`);
  expect(page.at('thread').textContent).toMatch(/^No messages yet/);
  await sendText(simulator, person, 'first');
  await simulator.webhooksIdle();
  await page.poll();
  expect(page.at('newest').textContent).toMatch(/: first$/);
});

test('a chat opens at its newest message and follows new ones, unless somebody reads above', async () => {
  const simulator = await start();
  const receive = async (words: string) => {
    await sendText(simulator, person, words);
    await simulator.webhooksIdle();
  };
  await receive('first');
  const page = await openPage(simulator, `/phones/${person}`);
  const screen = page.at('screen');
  expect(screen.scrollTop).toBe(2_000);
  // The field to write in appears and takes some of the height.
  Object.assign(screen, { clientHeight: 522, scrollHeight: 2_078 });
  page.resize();
  expect(screen.scrollTop).toBe(2_078);

  Object.assign(screen, { scrollTop: 300, scrollHeight: 2_200 });
  screen.fire('scroll');
  await receive('second');
  await page.poll();
  page.resize();
  expect(screen.scrollTop).toBe(300);
  expect(page.at('newer').hidden).toBe(false);
  page.at('newer').fire('click');
  expect(screen.scrollTop).toBe(2_200);
});

test('the list has the latest first, with its last words and what is not read, and can be searched', async () => {
  const simulator = await start();
  await write(
    simulator,
    { to: business, text: { body: 'Is *it* ready?' }, profile_name: 'Bruno Lima' },
    '+5511900000001',
  );
  await sendText(simulator, '+5511900000002', 'Come by.');
  await simulator.webhooksIdle();
  const page = await openPage(simulator, '/phones');
  const names = () =>
    page
      .at('phones')
      .all('a')
      .map(link => link.all('name')[0]?.textContent ?? link.textContent);
  expect(names()).toEqual(['Person 0002', 'Bruno Lima']);
  const lasts = page
    .at('phones')
    .all('last')
    .map(each => each.textContent);
  expect(lasts).toEqual(['Come by.', 'You: Is it ready?']);
  const { number } = page.at('find').elements;
  const search = (words: string) => {
    if (number) number.value = words;
    number?.fire('input');
    return names();
  };
  expect(search('bruno')).toEqual(['Bruno Lima']);
  expect(search('0002')).toEqual(['Person 0002']);
  expect(search('nobody')).toEqual([]);
  expect(page.at('phones').textContent).toMatch(/^No phone fits/);
  expect(search('+1 555 010 0200')).toEqual(['+Open +15550100200']);
});

test('marks, lines, links and what is not a mark look as on a phone', async () => {
  const simulator = await start();
  const body = '*bold* and _*both*_, ~gone~ `a*b*c`\n> quoted\nsnake_case_name 2*3*4 <b>https://example.com/a_b_c.</b>';
  await sendText(simulator, person, body);
  await simulator.webhooksIdle();
  const page = await openPage(simulator, `/phones/${person}`);
  const [text] = page.at('thread').all('text');
  const found = (tag: string) => text?.all(tag).map(each => each.textContent);
  expect(found('strong')).toEqual(['bold', 'both']);
  expect(found('em')).toEqual(['both']);
  expect(found('s')).toEqual(['gone']);
  expect(found('code')).toEqual(['a*b*c']);
  expect(found('blockquote')).toEqual(['quoted']);
  expect(text?.all('a').map(link => link.attributes.href)).toEqual(['https://example.com/a_b_c']);
  expect(text?.textContent).toContain('snake_case_name 2*3*4 <b>');
});

test('reactions stand at their message, and a quoted message above its answer', async () => {
  const simulator = await start();
  const first = await write(simulator, { to: business, text: { body: 'Is it ready?' } });
  await sendText(simulator, person, 'Yes', { context: { message_id: first.json.id } });
  const reaction = { messaging_product: 'whatsapp', to: person, type: 'reaction' };
  await call(simulator, 'POST', `/v25.0/${business}/messages`, {
    ...reaction,
    reaction: { message_id: first.json.id, emoji: '👍' },
  });
  await simulator.webhooksIdle();
  const page = await openPage(simulator, `/phones/${person}`);
  const [asked, answer] = page.at('thread').all('row');
  expect(page.at('thread').all('row')).toHaveLength(2);
  expect(asked?.all('reactions').map(each => each.textContent)).toEqual(['👍']);
  expect(answer?.all('quote').map(each => each.textContent)).toEqual(['YouIs it ready?']);
  const list = (await call(simulator, 'GET', '/phones')).json.phones;
  expect(list[0].unread).toBe(1);
});

test('a template shows its text with the parameters, and typing is shown until the next message', async () => {
  const simulator = await start();
  const { json } = await write(simulator, { to: business, text: { body: 'Hi' } });
  const typing = { status: 'read', message_id: json.id, typing_indicator: { type: 'text' } };
  await call(simulator, 'POST', `/v25.0/${business}/messages`, { messaging_product: 'whatsapp', ...typing });
  const page = await openPage(simulator, `/phones/${person}`);
  expect(page.at('thread').all('typing')).toHaveLength(1);
  const parameters = ['Ana', 'Friday'].map(text => ({ type: 'text', text }));
  const template = {
    name: 'appointment_reminder',
    language: { code: 'en_US' },
    components: [{ type: 'body', parameters }],
  };
  await call(simulator, 'POST', `/v25.0/${business}/messages`, {
    messaging_product: 'whatsapp',
    to: person,
    type: 'template',
    template,
  });
  await simulator.webhooksIdle();
  await page.poll();
  expect(page.at('thread').all('typing')).toHaveLength(0);
  expect(page.at('thread').all('row')[1]?.textContent).toMatch(
    /^Hello Ana, we remind you of your appointment on Friday\./,
  );
});

test('buttons, rows, quick replies and reactions can be pressed once, and become their webhooks', async () => {
  const receiver = await makeReceiver(cleanup);
  const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url });
  const ask = (interactive: unknown) =>
    sendText(simulator, person, '', { type: 'interactive', text: undefined, interactive });
  const body = { text: 'When?' };
  const reply = { id: 'b', title: 'Tomorrow' };
  await ask({ type: 'button', body, action: { buttons: [{ type: 'reply', reply }] } });
  await ask({ type: 'list', body, action: { button: 'Times', sections: [{ rows: [{ id: '9', title: '9:00' }] }] } });
  await simulator.webhooksIdle();
  const page = await openPage(simulator, `/phones/${person}`);
  const press = async (words: string) => {
    const button = page
      .at('thread')
      .all('button')
      .find(each => each.textContent === words);
    await button?.fire('click');
    await page.poll();
    return page
      .at('thread')
      .all('button')
      .find(each => each.textContent.endsWith(words));
  };
  expect((await press('Tomorrow'))?.disabled).toBe(true);
  expect((await press('9:00'))?.disabled).toBe(true);
  await press('\u{1F44D}');
  await simulator.webhooksIdle();
  expect(receiver.messages()).toMatchObject([
    { type: 'interactive', interactive: { type: 'button_reply', button_reply: reply } },
    { type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: '9', title: '9:00' } } },
    { type: 'reaction', reaction: { emoji: '\u{1F44D}' } },
  ]);
  expect(
    page
      .at('thread')
      .all('reactions')
      .map(each => each.textContent),
  ).toEqual(['\u{1F44D}']);
});

test('a text stays in its field until it is sent', async () => {
  const simulator = await start();
  await sendText(simulator, person);
  await simulator.webhooksIdle();
  const page = await openPage(simulator, `/phones/${person}`);
  const body = page.at('body');
  body.value = 'Is anybody there?';
  page.isOffline = true;
  await page.at('write').fire('submit');
  expect(body.value).toBe('Is anybody there?');
  expect(page.at('problem').textContent).toBe('The simulator does not answer.');
  page.isOffline = false;
  page.at('to').value = '+1999';
  await page.at('write').fire('submit');
  expect(body.value).toBe('Is anybody there?');
  expect(page.at('problem').textContent).toMatch(/^to: neither/);
  page.at('to').value = business;
  await page.at('write').fire('submit');
  expect(body.value).toBe('');
  expect(page.at('problem').textContent).toBe('');
  await page.poll();
});

test('the chat with whom wrote last is open, unless somebody chose or is writing', async () => {
  const simulator = await start();
  for (const id of [business, second])
    await call(simulator, 'POST', '/numbers', { phone_number_id: id, display_phone_number: `+1555078${id.slice(-4)}` });
  await write(simulator, { to: business, text: { body: 'to the first' } });
  await write(simulator, { to: second, text: { body: 'to the second' } });
  const page = await openPage(simulator, `/phones/${person}`);
  const to = page.at('to');
  const shown = () =>
    page
      .at('thread')
      .all('text')
      .map(each => each.textContent);
  expect([to.value, page.at('with').hidden, shown()]).toEqual([second, false, ['to the second']]);
  page.at('body').value = 'To the second';
  await write(simulator, { to: business, text: { body: 'again' } });
  await page.poll();
  expect(to.value).toBe(second);
  page.at('body').value = '';
  await page.poll();
  expect([to.value, shown()]).toEqual([business, ['to the first', 'again']]);
  to.value = second;
  to.fire('change');
  await page.poll();
  expect(to.value).toBe(second);
});

test('an invalid phone number gets an error', async () => {
  const simulator = await start();
  const page = await openPage(simulator, '/phones/abc');
  expect(page.at('title').textContent).toBe('abc is not a phone number');
  const { number } = page.at('find').elements;
  if (number) number.value = '12';
  page.at('find').fire('submit');
  expect(page.at('problem').textContent).toMatch(/^12 is not a phone number/);
  expect(page.location.href).toBe('');
  if (number) number.value = '+1 (555) 010-0200';
  page.at('find').fire('submit');
  expect(page.location.href).toBe('/phones/%2B15550100200');
});
