// The phones' page in a minimal browser that has only what its script needs.
import { createContext, runInContext } from 'node:vm';
import { afterEach, expect, test } from 'vitest';
import type { Simulator } from './index.ts';
import { phonesPage } from './phone-page.ts';
import { pageScript } from './phone-page-script.ts';
import { business, call, createCleanup, makeReceiver, makeSimulator, sendText } from './test-harness.ts';

const cleanup = createCleanup();
afterEach(cleanup.run);

const person = '+5511987654321';
const second = '106540352242933';

type Happening = { target: Element; preventDefault(): void };

class Element {
  children: Element[] = [];
  parent: Element | undefined;
  attributes: Record<string, string> = {};
  elements: Record<string, Element> = {};
  className = '';
  value = '';
  checked = false;
  hidden = false;
  href = '';
  /** How often it was inserted. */
  moves = 0;
  private words = '';
  private listeners = new Map<string, (event: Happening) => unknown>();

  constructor(readonly tag: string) {}
  get textContent(): string {
    return this.words + this.children.map(child => child.textContent).join('');
  }
  set textContent(text: string) {
    this.children = [];
    this.words = text;
  }
  setAttribute(name: string, value: string) {
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
  fire(name: string) {
    return this.listeners.get(name)?.({ target: this, preventDefault: () => {} });
  }
  all(tag: string): Element[] {
    return [...(this.tag === tag ? [this] : []), ...this.children.flatMap(child => child.all(tag))];
  }
}

const textNode = (text: string) => {
  const node = new Element('#text');
  node.textContent = text;
  return node;
};

/** Opens the page at this path; `poll` resolves when the view is current, and `isOffline` disconnects it. */
const openPage = async (simulator: Simulator, path: string) => {
  const byId = new Map([...phonesPage.matchAll(/id="([\w-]+)"/g)].map(([, id]) => [id, new Element('main')]));
  const get = (id: string): Element => byId.get(id) ?? new Element('nothing');
  for (const [form, names] of Object.entries({ open: ['number'], write: ['to', 'body', 'kind'] }))
    for (const name of names) get(form).elements[name] = new Element('input');
  const page = { isOffline: false };
  const location = { pathname: path, href: '' };
  let poll = () => {};
  let polled = () => {};
  const run = () =>
    new Promise<void>(done => {
      polled = done;
      poll();
    });
  const context = createContext({
    document: { getElementById: get, createElement: (tag: string) => new Element(tag) },
    location,
    URLSearchParams,
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
  const field = (form: string, name: string): Element => get(form).elements[name] ?? new Element('nothing');
  return Object.assign(page, { at: get, field, location, poll: run });
};

const start = async (options = {}) => {
  const receiver = await makeReceiver(cleanup);
  return makeSimulator(cleanup, { callbackUrl: receiver.url, autoRead: false, ...options });
};

test('what is there stays where it is when more comes, and only the newest is announced', async () => {
  const simulator = await start();
  await sendText(simulator, person, 'first');
  await simulator.webhooksIdle();
  const page = await openPage(simulator, `/phones/${encodeURIComponent(person)}`);
  const [bubble] = page.at('screen').all('div');
  const [link] = page.at('phones').all('a');
  expect(link?.textContent).toBe(`1 unreadPerson 4321${person}`);
  expect(link?.attributes).toEqual({ 'aria-current': 'page' });
  expect(bubble?.textContent).toMatch(/^first.* new$/);
  expect(page.at('newest').textContent).toBe('');

  await sendText(simulator, person, 'second');
  await simulator.webhooksIdle();
  await page.poll();
  expect(page.at('newest').textContent).toMatch(/, from \+15552242922: second$/);
  await page.at('read').fire('click');
  await page.poll();
  const bubbles = page.at('screen').all('div');
  expect(bubbles).toHaveLength(2);
  expect(bubbles[0]).toBe(bubble);
  expect(bubble?.moves).toBe(1);
  expect(bubble?.textContent).toMatch(/^first.* read$/);
  expect(page.at('phones').all('a')[0]).toBe(link);
  expect(link?.textContent).toBe(`Person 4321${person}`);
});

test('the first message of a phone that had none is announced too', async () => {
  const simulator = await start();
  const page = await openPage(simulator, `/phones/${person}`);
  expect(page.at('title').textContent).toMatch(/no messages yet$/);
  await sendText(simulator, person, 'first');
  await simulator.webhooksIdle();
  await page.poll();
  expect(page.at('newest').textContent).toMatch(/: first$/);
});

test('a text stays in its field until it is sent', async () => {
  const simulator = await start();
  await sendText(simulator, person);
  await simulator.webhooksIdle();
  const page = await openPage(simulator, `/phones/${person}`);
  const body = page.field('write', 'body');
  body.value = 'Is anybody there?';
  page.isOffline = true;
  await page.at('write').fire('submit');
  expect(body.value).toBe('Is anybody there?');
  expect(page.at('problem').textContent).toBe('The simulator does not answer.');
  page.isOffline = false;
  page.field('write', 'to').value = '+1999';
  await page.at('write').fire('submit');
  expect(body.value).toBe('Is anybody there?');
  expect(page.at('problem').textContent).toMatch(/^to: neither/);
  page.field('write', 'to').value = business;
  await page.at('write').fire('submit');
  expect(body.value).toBe('');
  expect(page.at('problem').textContent).toBe('');
  await page.poll();
});

test('an answer goes to whom wrote last, unless somebody chose or is writing', async () => {
  const simulator = await start();
  for (const id of [business, second])
    await call(simulator, 'POST', '/numbers', { phone_number_id: id, display_phone_number: `+1555078${id.slice(-4)}` });
  const write = (to: string) => call(simulator, 'POST', `/phones/${person}/messages`, { to, text: { body: 'hi' } });
  await write(business);
  await write(second);
  const page = await openPage(simulator, `/phones/${person}`);
  const to = page.field('write', 'to');
  expect(to.value).toBe(second);
  page.field('write', 'body').value = 'To the second';
  await write(business);
  await page.poll();
  expect(to.value).toBe(second);
  page.field('write', 'body').value = '';
  await page.poll();
  expect(to.value).toBe(business);
  to.value = second;
  to.fire('change');
  await page.poll();
  expect(to.value).toBe(second);
});

test('an invalid phone number gets an error', async () => {
  const simulator = await start();
  const page = await openPage(simulator, '/phones/abc');
  expect(page.at('title').textContent).toBe('abc is not a phone number');
  const number = page.field('open', 'number');
  const open = page.at('open');
  open.elements.number = number;
  number.value = '12';
  open.fire('submit');
  expect(page.at('problem').textContent).toMatch(/^12 is not a phone number/);
  expect(page.location.href).toBe('');
  number.value = '+1 (555) 010-0200';
  open.fire('submit');
  expect(page.location.href).toBe('/phones/%2B15550100200');
});
