// A browser for the bench: Debian's Chromium, with what its pages take of time and memory.
import { type CDPSession, chromium, type Page } from 'playwright-core';
import { owner } from '../tests/faults/client.ts';

export interface BenchPage {
  page: Page;
  /** The heap of the page in MB, after a collection. */
  heap(): Promise<number>;
  /** How many elements and texts the page has. */
  nodes(): Promise<number>;
  /** The processor time of the page's main thread so far, in seconds. */
  cpu(): Promise<number>;
  close(): Promise<void>;
}

/** Opens a page of somebody who is logged in as the owner. */
export async function openPage(url: string): Promise<BenchPage> {
  // The bench may run as root, for whom Chromium's sandbox does not work.
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, baseURL: url });
    page.setDefaultTimeout(60_000);
    await page.goto('/login');
    await page.locator('input[name=email]').fill(owner.email);
    await page.locator('input[name=password]').fill(owner.password);
    await page.locator('form button[type=submit]').click();
    await page.waitForURL(({ pathname }) => pathname !== '/login');
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    return {
      page,
      async heap() {
        await session.send('HeapProfiler.collectGarbage');
        return (await metric(session, 'JSHeapUsedSize')) / 1e6;
      },
      nodes: () => metric(session, 'Nodes'),
      cpu: () => metric(session, 'TaskDuration'),
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function metric(session: CDPSession, wanted: string): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
}

/** Notes in each page opened from here on when such an element first stood in it, in ms since the navigation. */
export async function watchFirst(page: Page, selector: string): Promise<() => Promise<number>> {
  await page.addInitScript(`new MutationObserver((_, observer) => {
    if (!document.querySelector('${selector}')) return;
    window.firstAt = performance.now();
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true })`);
  return () => page.evaluate<number>('firstAt');
}

/** The names of the scripts whose loading the page began before a moment. */
export const scriptsBefore = (page: Page, moment: number): Promise<string[]> =>
  page.evaluate<string[]>(
    `performance.getEntriesByType('resource').filter(({ startTime }) => startTime < ${moment})
      .map(({ name }) => new URL(name).pathname).filter(name => name.endsWith('.js'))`,
  );

/** Notes for each key how long it takes until the frame that follows it is handed to the screen. */
export async function watchKeys(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(`{
    window.keyDelays = [];
    addEventListener('keydown', ({ timeStamp }) => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => keyDelays.push(performance.now() - timeStamp);
      port2.postMessage(0);
    }), true);
  }`);
  return () => page.evaluate<number[]>('keyDelays.splice(0)');
}
