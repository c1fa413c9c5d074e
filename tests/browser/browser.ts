// A browser on the real program. It notes what must never happen: violations of the policy, errors, other hosts.
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { rotatingOne } from '../setup/rotation.ts';
import { owner, type Scenario } from '../setup/scenario.ts';

export interface Look {
  theme?: 'light' | 'dark';
  width?: number;
  language?: string;
  /** Where the browser finds the program, if not at its own address. */
  origin?: string;
}

/** How axe sees pages. Each commit takes one of these, TEST_ALL=1 both. */
export const looks = rotatingOne<Required<Omit<Look, 'origin'>>>([
  { theme: 'light', width: 1440, language: 'en' },
  { theme: 'dark', width: 360, language: 'ar' },
]);

export interface Visitor {
  page: Page;
  /** What went wrong in the browser so far. */
  mistakes: string[];
  /** Goes to an address of the program. */
  goto(path: string): Promise<void>;
  close(): Promise<void>;
}

let browser: Promise<Browser> | undefined;

/** Debian's Chromium; the browsers of one file share it. */
const launched = () => {
  // Tests run as root, for whom Chromium's sandbox does not work. The microphone is one that beeps.
  const args = ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
  browser ??= chromium.launch({ executablePath: '/usr/bin/chromium', args });
  return browser;
};

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

/** The address of a scenario's program. */
export function addressOf({ recado }: Pick<Scenario, 'recado'>): string {
  const address = recado.server?.server.address();
  if (typeof address !== 'object' || !address) throw new Error('the program does not listen');
  return `http://127.0.0.1:${address.port}`;
}

/** Somebody with a browser of their own, who is not logged in. */
export async function visit(scenario: Scenario, look: Look = {}): Promise<Visitor> {
  const { theme = 'light', width = 1440, language = 'en', origin = addressOf(scenario) } = look;
  const context = await (await launched()).newContext({
    viewport: { width, height: 900 },
    colorScheme: theme,
    locale: language,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const mistakes = watch(context, page, origin);
  return {
    page,
    mistakes,
    goto: async path => {
      await page.goto(`${origin}${path}`);
    },
    close: () => context.close(),
  };
}

function watch(context: BrowserContext, page: Page, origin: string): string[] {
  const mistakes: string[] = [];
  page.on('pageerror', error => mistakes.push(`error: ${error.message}`));
  page.on('console', message => {
    // The browser itself writes a line for each answer that is an error, for a socket without a network, and for a
    // push subscription in a window that keeps nothing: tests provoke all three.
    const isOwn =
      /^Failed to load resource|net::ERR_INTERNET_DISCONNECTED$|^Chrome currently does not support the Push API/.test(
        message.text(),
      );
    if (message.type() === 'error' && !isOwn) mistakes.push(message.text());
  });
  context.on('request', request => {
    if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url()))
      mistakes.push(`asked ${request.url()}`);
  });
  return mistakes;
}

/** Fills the form of the login and sends it, and skips the first run. */
export async function logIn({ page, goto }: Visitor, email = owner.email, password = owner.password): Promise<void> {
  await goto('/login');
  await page.locator('input[name=email]').fill(email);
  await page.locator('input[name=password]').fill(password);
  await page.locator('form button[type=submit]').click();
  await page.waitForURL(({ pathname }) => pathname !== '/login' && pathname !== '/');
  // An owner without a message is led through the first run.
  if (new URL(page.url()).pathname !== '/welcome') return;
  await page.locator('header button').first().click();
  await page.waitForURL('**/inbox');
}

interface AxeResult {
  violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[];
}

/**
 * What axe finds in the page once it has loaded. Style sheets are not preloaded: of one that is still on its way axe
 * makes a style element, which the policy of the page blocks and the console reports. No rule that runs needs them.
 */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await settled(page);
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate(
    "axe.run({ preload: { assets: ['media'] }, resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
  )) as AxeResult;
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help} ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  );
}

/** Waits until everything that was loading has come. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1:visible, h2:visible').first().waitFor();
  await expect.poll(() => page.locator('[aria-busy=true]').count()).toBe(0);
}

/** Holds the requests to these addresses until the answered function is called. */
export async function hold(page: Page, url: RegExp): Promise<() => void> {
  let open = () => {};
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  await page.route(url, route => opened.then(() => route.continue()));
  return open;
}

/** Waits for a sentence at the bottom. It is in the page twice: screen readers get their own. */
export const said = (page: Page, sentence: string): Promise<void> => page.getByText(sentence).first().waitFor();

/** Drops a file on the thread, or pastes it into the text. */
export async function give(
  page: Page,
  how: 'drop' | 'paste',
  name: string,
  type: string,
  content: Buffer,
): Promise<void> {
  // As text: the tests have no types of the browser.
  const handle = await page.evaluateHandle(`(() => {
    const data = new DataTransfer();
    const bytes = Uint8Array.from(atob('${content.toString('base64')}'), letter => letter.charCodeAt(0));
    data.items.add(new File([bytes], '${name}', { type: '${type}' }));
    if ('${how}' === 'paste') {
      const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
      document.querySelector('form textarea').dispatchEvent(event);
    }
    return data;
  })()`);
  if (how === 'paste') return;
  const log = page.getByRole('log');
  await log.dispatchEvent('dragover', { dataTransfer: handle });
  await page.getByText('Drop files to attach them').waitFor();
  await log.dispatchEvent('drop', { dataTransfer: handle });
}
