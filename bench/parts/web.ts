// The web app in a browser: what it loads, a large inbox, a long thread, and typing while many write.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { toId } from '../../server/kit/ids.ts';
import { type BenchPage, openPage, scriptsBefore, watchFirst, watchKeys } from '../browser.ts';
import { channelSecrets, openEnvironment, type RecadoContestant } from '../environment.ts';
import { fillHistory } from '../fill.ts';
import { openConnection } from '../load.ts';
import { signedText } from '../receipts.ts';
import { aim, median, quantile, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const dist = join(import.meta.dirname, '../../web/dist');
/** More than an inbox of this size is not asked for; `--rows` may be less. */
const mostMessages = 100_000;
const perConversation = 10;
const inboundPerSecond = 50;
/** A quick typist. */
const keyEveryMs = 120;
/** How often the heap is read on the way through a thread. */
const sampleMs = 10_000;

const percent = (share: number) => `${written(100 * share)} %`;
const log = (page: Page) => page.getByRole('log');
const row = '[role=listitem]';
const rows = (page: Page) => page.locator(row);

export async function web(order: Order): Promise<Section> {
  const environment = await openEnvironment();
  const messages = Math.min(order.rows, mostMessages);
  const thread = messages / 2;
  try {
    const recado = await environment.startRecado({ name: 'recado_web', accounts: 5 });
    await fillHistory(recado, messages, order.tell, { perPerson: perConversation, thread });
    const longest = await longestOf(recado);
    const open = await openPage(recado.url);
    try {
      const inbox = await openInbox(open, order);
      order.tell(`web: the inbox opens in ${written(median(inbox.lists))} ms`);
      const typing = await typeWhileOthersWrite(open, recado, longest, order);
      order.tell(`web: a key takes ${written(median(typing.busy.delays))} ms`);
      const scrolled = await scrollToStart(open, longest, order);
      return sectionOf(order, { messages, thread, inbox, typing, scrolled });
    } finally {
      await open.close();
    }
  } finally {
    await environment.close();
  }
}

/** The id of the conversation with the long thread. */
async function longestOf({ sql }: RecadoContestant): Promise<string> {
  const [row] = await sql<{ id: string }>('select conversation_id as id from person_of_bench where number = 0');
  return toId('conversation', row?.id ?? '');
}

async function openLongest(page: Page, longest: string): Promise<void> {
  await page.goto(`/inbox/${longest}`);
  await log(page).getByRole('article').last().waitFor();
}

/** Loads the inbox and opens threads, some times. */
async function openInbox({ page, heap, nodes }: BenchPage, { rounds }: Order) {
  const [lists, threads]: [number[], number[]] = [[], []];
  let scripts = 0;
  const firstRow = await watchFirst(page, row);
  for (let round = 0; round <= rounds; round++) {
    await page.goto('/inbox', { waitUntil: 'commit' });
    await rows(page).first().waitFor();
    const listed = await firstRow();
    const began = await page.evaluate<number>('performance.now()');
    await rows(page)
      .nth(1 + (round % 5))
      .getByRole('link')
      .click();
    await log(page).getByRole('article').last().waitFor();
    const opened = (await page.evaluate<number>('performance.now()')) - began;
    // The first round fills the caches of the browser. By now all is loaded that began before the first row.
    if (round === 0) {
      scripts = await sizeOf(await scriptsBefore(page, listed));
      continue;
    }
    lists.push(listed);
    threads.push(opened);
  }
  return { lists, threads, scripts, heap: await heap(), nodes: await nodes() };
}

/** The bytes of these files as gzip. */
async function sizeOf(scripts: string[]): Promise<number> {
  const sizes = await Promise.all(scripts.map(async name => (await stat(join(dist, `${name}.gz`))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Types into the longest thread, first while nobody writes, then while many do. */
async function typeWhileOthersWrite(
  { page, heap, cpu }: BenchPage,
  recado: RecadoContestant,
  longest: string,
  { seconds }: Order,
) {
  await openLongest(page, longest);
  const delays = await watchKeys(page);
  const type = async () => {
    const text = 'we look forward to seeing you '.repeat(20).slice(0, Math.round((seconds * 1_000) / keyEveryMs));
    await page.getByRole('textbox').last().click();
    const [began, before] = [performance.now(), await cpu()];
    await page.keyboard.type(text, { delay: keyEveryMs });
    const share = ((await cpu()) - before) / ((performance.now() - began) / 1_000);
    return { delays: await delays(), share };
  };
  const quiet = await type();
  const writers = await write(recado);
  const busy = await type();
  const written = await writers.stop();
  return { quiet, busy, perSecond: written.count / written.seconds, heap: await heap() };
}

/** Posts signed webhooks: each tenth message goes to the open thread, the others to 200 people. */
async function write(recado: RecadoContestant) {
  const account = await recado.client.call('GET', `/api/v1/accounts/${recado.accounts[0]}`);
  const people = await recado.sql<{ phone: string }>(
    `select phone from person_of_bench where account_id = (select account_id from person_of_bench where number = 0)
     order by number limit 200`,
  );
  const connection = await openConnection(recado.url);
  const began = performance.now();
  let count = 0;
  let isOver = false;
  const run = async () => {
    while (!isOver) {
      const due = began + (count * 1_000) / inboundPerSecond;
      await new Promise(resolve => setTimeout(resolve, Math.max(0, due - performance.now())));
      const { phone = '' } = people[count % 10 === 0 ? 0 : count % people.length] ?? {};
      const told = { id: `wamid.bench.${count}`, from: phone.slice(1), text: `Is it ready? ${count}` };
      const posted = signedText(channelSecrets.appSecret, account.body.phone_number_id, told);
      const { status } = await connection.ask({ path: '/webhooks/whatsapp/sandbox', ...posted });
      if (status !== 200) throw new Error(`a webhook was answered with ${status}`);
      count++;
    }
  };
  const running = run();
  return {
    async stop() {
      const seconds = (performance.now() - began) / 1_000;
      isOver = true;
      await running;
      connection.close();
      return { count, seconds };
    },
  };
}

/** Scrolls the longest thread to its first message. */
async function scrollToStart({ page, heap, nodes }: BenchPage, longest: string, { tell }: Order) {
  await openLongest(page, longest);
  const before = { heap: await heap(), nodes: await nodes() };
  const began = performance.now();
  const heaps: number[] = [];
  let pages = 0;
  let toldAt = began;
  page.on('response', response => {
    if (/conversations\/\w+\/messages/.test(response.url())) pages++;
  });
  const first = log(page).getByText('Message 0: your table is ready');
  while ((await first.count()) === 0) {
    await page.evaluate(`document.querySelector('[role=log]').scrollTop = 0`);
    await page.evaluate('new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))');
    if (performance.now() - toldAt < sampleMs) continue;
    toldAt = performance.now();
    heaps.push(await heap());
    tell(`web: ${pages} pages of the thread are read, ${written(heaps.at(-1) ?? 0)} MB`);
    if (performance.now() - began > 15 * 60_000)
      throw new Error('the start of the thread was not reached in 15 minutes');
  }
  const seconds = (performance.now() - began) / 1_000;
  const after = { heap: await heap(), nodes: await nodes() };
  return { before, after, most: Math.max(before.heap, after.heap, ...heaps), pages, seconds };
}

interface Measured {
  messages: number;
  thread: number;
  inbox: Awaited<ReturnType<typeof openInbox>>;
  typing: Awaited<ReturnType<typeof typeWhileOthersWrite>>;
  scrolled: Awaited<ReturnType<typeof scrollToStart>>;
}

function sectionOf({ rounds, seconds }: Order, { messages, thread, inbox, typing, scrolled }: Measured): Section {
  const conversations = messages / perConversation;
  const both = (values: number[]) => [written(median(values)), written(quantile(values, 0.95))];
  return {
    title: `web: an inbox of ${written(messages + thread)} messages in a browser`,
    how: `Headless Chromium on the same machine, 1440 × 900, against the built app. ${written(conversations)} conversations of ${perConversation} messages, one of them with ${written(thread)} more. ${rounds} loads with a warm cache, from the navigation to the first row of the list, and from a click on a row to its messages. A key is timed from its event to the frame that follows it, ${seconds} s each; ${inboundPerSecond} signed webhooks a second were asked for, each tenth of them for the open thread. Heaps are JavaScript's, after a collection.`,
    table: [
      ['', 'p50', 'p95'],
      ['inbox, first row, ms', ...both(inbox.lists)],
      ['thread, its messages, ms', ...both(inbox.threads)],
      ['a key, nobody writes, ms', ...both(typing.quiet.delays)],
      [`a key, ${written(typing.perSecond)} inbound a second, ms`, ...both(typing.busy.delays)],
    ],
    notes: [
      aim('script of the first load', inbox.scripts / 1_024, 300, 'at most', ' KB gzip'),
      `The page: ${written(inbox.heap)} MB and ${inbox.nodes} nodes with the inbox open, ${written(typing.heap)} MB after the inbound messages.`,
      `While somebody types, its main thread takes ${percent(typing.quiet.share)} of a core, and ${percent(typing.busy.share)} while the messages come.`,
      `The thread of ${written(thread)}, scrolled to its start through ${scrolled.pages} pages in ${written(scrolled.seconds)} s: ${written(scrolled.before.heap)} MB and ${scrolled.before.nodes} nodes before, at most ${written(scrolled.most)} MB on the way, ${written(scrolled.after.heap)} MB and ${scrolled.after.nodes} nodes after.`,
    ],
  };
}
