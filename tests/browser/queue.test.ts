// The queue in a browser: why messages wait and fail, and what can be done about many of them or one.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { join } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, said, settled, type Visitor, visit } from './browser.ts';

let scenario: Scenario;
let visitor: Visitor;
let numbers = 0;
const number = () => `+1202555${String(2_000 + ++numbers)}`;
const post = async (more: object = {}) => {
  const answer = await scenario.api('POST', '/api/v1/messages', {
    account_id: scenario.account.id,
    to: number(),
    type: 'text',
    text: { body: 'Your table is ready.' },
    ...more,
  });
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body as { id: string; to: string };
};
const statusOf = async ({ id }: { id: string }) => (await scenario.message(id)).status;

/** Sends while the channel does as told. */
async function sendUnder(fault: 'window-closed' | 'answer-and-receipts-lost', count: number) {
  scenario.simulator.setFault(() => fault);
  const sent = [];
  for (let n = 0; n < count; n++) sent.push(await post());
  await scenario.settle();
  scenario.simulator.setFault(null);
  return sent;
}

let failed: { id: string; to: string }[];
let unknown: { id: string; to: string }[];
beforeAll(async () => {
  scenario = await startScenario();
  failed = await sendUnder('window-closed', 6);
  unknown = await sendUnder('answer-and-receipts-lost', 2);
  await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, { name: 'Farol Online' });
  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/pause`);
  for (let n = 0; n < 4; n++) await post();
  await post({ send_at: new Date(scenario.clock.now() + 86_400_000).toISOString() });
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

test('shows where messages are and why they wait, with the remedy', async () => {
  const { page } = visitor;
  await visitor.goto('/queue');
  await settled(page);
  await page.getByRole('heading', { name: 'Why 4 wait' }).waitFor();
  await page.getByText('Farol Online waits until somebody resumes it').waitFor();
  await page.getByText('1 more is scheduled').waitFor();
  if (process.env.SHOTS) await shoot();
  await page.getByRole('link', { name: 'Failed' }).first().click();
  await page.waitForURL('**/queue?*status=failed*');
  await page.getByText('24-hour window closed').nth(5).waitFor();
  expect(visitor.mistakes).toEqual([]);
});

async function shoot(): Promise<void> {
  const { page } = visitor;
  const to = process.env.SHOTS;
  const paths = {
    waiting: '/queue',
    failed: '/queue?status=failed',
    unknown: '/queue?status=unknown',
    message: `/messages/${unknown[0]?.id}`,
    failure: `/messages/${failed[0]?.id}`,
  };
  for (const [name, path] of Object.entries(paths))
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: 900 });
      await visitor.goto(path);
      await settled(page);
      if (name === 'failed') await page.getByRole('checkbox').nth(2).click();
      await page.screenshot({ path: `${to}/${name}-${width}.png`, fullPage: true });
    }
  await page.setViewportSize({ width: 1440, height: 900 });
  await visitor.goto('/queue');
  await settled(page);
}
void [join, accessibilityProblems, said, statusOf];
