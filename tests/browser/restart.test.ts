// The server is killed and comes back: an open tab shows each message once, whichever of its connections is back first.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Recado } from '../../server/app/compose.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { addressOf, closeBrowser, logIn, type Visitor, visit } from './browser.ts';
import { type Gate, type Lasting, startGate } from './gate.ts';
import { people } from './inbox-world.ts';

const number = '+351912345677';
let scenario: Scenario;
/** The server of the tab. Another one takes the webhooks, so that messages come while it is away. */
let server: Recado;
let gate: Gate;
let visitor: Visitor;

beforeAll(async () => {
  scenario = await startScenario();
  gate = await startGate();
  await start('stream');
  visitor = await visit(scenario, { origin: gate.url });
  await logIn(visitor);
  await people(scenario).write(number, 'Good morning', 'Wei Li');
  await visitor.page.getByRole('listitem').filter({ hasText: 'Good morning' }).getByRole('link').click();
  await log().getByText('Good morning').first().waitFor();
  // A reload would lose this.
  await visitor.page.evaluate('window.isSamePage = true');
});
afterAll(async () => {
  await closeBrowser();
  await gate?.close();
  await scenario.close();
});

// The simulated phone beside it has a log too.
const log = () => visitor.page.getByRole('log', { name: 'Messages with Wei Li' });
const bubble = (text: string) => log().getByRole('article').filter({ hasText: text });

async function start(first: Lasting): Promise<void> {
  server = await scenario.node('api');
  await gate.open(Number(new URL(addressOf({ recado: server })).port), first);
}

/** What the tab sees of a killed server. */
async function kill(): Promise<void> {
  await gate.close();
  await server.close();
}

async function send(text: string): Promise<void> {
  await visitor.page.getByRole('textbox', { name: /^Write to/ }).fill(text);
  await visitor.page.keyboard.press('Enter');
}

async function reached(text: string): Promise<unknown[]> {
  const { body } = await scenario.api('GET', '/api/v1/messages?limit=100&direction=outbound');
  return body.data.filter((message: { text: { body: string } }) => message.text.body === text);
}

const rounds = Array.from({ length: 10 }, (_, n) => ({
  round: n + 1,
  first: n % 2 === 0 ? ('socket' as const) : ('stream' as const),
  isExpired: n === 4,
}));

test.each(rounds)('after restart $round, with the $first first, each message is there once', async given => {
  const { round, first, isExpired } = given;
  const { page } = visitor;
  const texts = ['down one', 'down two', 'written meanwhile', 'written later'].map(text => `${text} ${round}.`);
  const [one = '', two = '', meanwhile = '', later = ''] = texts;
  await kill();
  // The browser forgets the cookie of an access token with it.
  if (isExpired) await page.context().clearCookies({ name: /access/ });
  await send(one);
  await bubble(one).getByText('The server does not answer.').waitFor();
  await send(two);
  await bubble(two).getByText('Waits for the message before it.').waitFor();
  expect(await bubble(one).getByRole('button', { name: 'Discard' }).count()).toBe(1);
  expect(await bubble(two).getByRole('button', { name: 'Discard' }).count()).toBe(1);
  await people(scenario).write(number, meanwhile);
  await scenario.settle();

  await start(first);
  await gate.arrived('stream');
  await gate.arrived('socket');
  for (const text of [one, two]) await bubble(text).getByRole('button', { name: /Read/ }).waitFor();
  await people(scenario).write(number, later);
  await bubble(later).waitFor();
  const shown = await log().getByRole('article').allInnerTexts();
  for (const text of texts)
    expect(
      shown.filter(each => each.includes(text)),
      shown.join(' | '),
    ).toHaveLength(1);
  for (const text of [one, two]) expect(await reached(text)).toHaveLength(1);
  const row = page.getByRole('list').getByRole('listitem').filter({ hasText: later });
  await row.first().waitFor();
  expect(await page.getByText('The connection to the server was lost.').count()).toBe(0);
  expect(await page.evaluate('window.isSamePage')).toBe(true);
});

test('a message that waits says when it is tried again, and can be tried or discarded before', async () => {
  const { page } = visitor;
  await kill();
  await page.clock.install();
  await send('Kept, first');
  await bubble('Kept, first')
    .getByText(/Tries again in [1-3] s\./)
    .waitFor();
  await send('Kept, second');
  await bubble('Kept, second').getByRole('button', { name: 'Discard' }).click();
  await bubble('Kept, second').waitFor({ state: 'detached' });
  // The pause of the page lasts until the button ends it, however long the server takes to come.
  const now = (await page.evaluate('Date.now()')) as number;
  await page.clock.pauseAt(now + 5_000);
  const tryNow = bubble('Kept, first').getByRole('button', { name: 'Try now' });
  await tryNow.waitFor();
  await start('stream');
  await tryNow.click();
  await page.clock.resume();
  await bubble('Kept, first').getByRole('button', { name: /Read/ }).waitFor();
  expect(await reached('Kept, second')).toEqual([]);
  await gate.arrived('stream');
});

test('a connection that falls silent is not called live', async () => {
  const { page } = visitor;
  const banner = page.getByText('The connection to the server was lost.');
  await banner.waitFor({ state: 'detached' });
  gate.freeze();
  await page.clock.fastForward(10_000);
  await banner.waitFor();
  await people(scenario).write(number, 'written in silence');
  await gate.close();
  await gate.open(Number(new URL(addressOf({ recado: server })).port), 'stream');
  await page.clock.fastForward(3_000);
  await bubble('written in silence').waitFor();
  await banner.waitFor({ state: 'detached' });
});
