// Every page as axe sees it. Nothing runs over the edge.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { join } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, looks, settled, visit } from './browser.ts';

let scenario: Scenario;
let contactId: string;
beforeAll(async () => {
  scenario = await startScenario();
  contactId = (await scenario.send()).contact_id;
  await scenario.api('POST', '/api/v1/contact-fields', { key: 'birthday', name: 'Birthday', type: 'date' });
  const label = await scenario.api('POST', '/api/v1/labels', { name: 'collector', color: 'teal', on: 'contact' });
  const known = { label_ids: [label.body.id], fields: { birthday: '1990-03-14' } };
  await scenario.api('PATCH', `/api/v1/contacts/${contactId}`, known);
  await join(scenario, 'agent');
  await scenario.api('POST', '/api/v1/invitations', { email: 'helene@example.com', role: 'agent' });
  await scenario.api('POST', '/api/v1/keys', { name: 'Shop', scopes: ['messages.create'] });
  await scenario.settle();
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

const open = ['/login', '/setup', '/setup#token=x', '/forgot', '/reset#token=x', '/invitation#token=x', '/opt-out/x'];
const inside = () => [
  '/overview',
  '/accounts',
  `/accounts/${scenario.account.id}`,
  '/accounts/new',
  '/accounts/new?channel=sandbox',
  '/settings/people',
  '/settings/keys',
  '/settings/opt-outs',
  '/settings/cost',
  '/settings/fields',
  '/campaigns',
  '/campaigns/new',
  '/contacts',
  `/contacts/${contactId}`,
  '/contacts/imports',
  '/contacts/import',
  '/workspaces',
  '/nowhere',
];

test.each(looks)(
  'axe finds nothing: $theme, $width px, $language',
  async look => {
    const visitor = await visit(scenario, look);
    const { page } = visitor;
    const problems: string[] = [];
    async function examine(path: string): Promise<void> {
      // A new fragment alone would load nothing.
      await page.goto('about:blank');
      await visitor.goto(path);
      await settled(page);
      problems.push(...(await accessibilityProblems(page)).map(problem => `${path} ${problem}`));
      const over = (await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
      if (over > 0) problems.push(`${path} runs over the edge by ${over} px`);
    }
    for (const path of open) await examine(path);
    await logIn(visitor);
    for (const path of inside()) await examine(path);
    await visitor.goto('/accounts');
    await settled(page);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    problems.push(...(await accessibilityProblems(page)).map(problem => `palette ${problem}`));
    expect(problems).toEqual([]);
    expect(visitor.mistakes).toEqual([]);
    await visitor.close();
  },
  240_000,
);
