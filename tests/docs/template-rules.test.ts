// The rules of the template editor are those of the server.
import { createTemplateBody, idExamples } from '@recado/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { definitionErrors } from '../../server/features/templates/definition.ts';
import { componentsOf, type Draft, emptyDraft } from '../../web/features/templates/edit/draft.ts';
import { checkRules } from '../../web/features/templates/edit/rules.ts';

const pieces = [
  'Hello ',
  'your order ',
  'is ready ',
  '{{name}}',
  '{{1}}',
  '{{2}}',
  '{{Name}}',
  ' ',
  '\n',
  '\n\n',
  '. ',
];
const text = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map(all => all.join(''));
const button = fc.record({
  key: fc.nat(),
  kind: fc.constantFrom('QUICK_REPLY', 'URL', 'PHONE_NUMBER', 'COPY_CODE', 'CATALOG' as const),
  text: fc.constantFrom('Yes', 'No', 'Track'),
  value: fc.constantFrom('', 'https://farol.example/{{1}}', 'https://farol.example', '+351 910 000 184', 'CODE'),
  example: fc.constantFrom('', '4127'),
  rest: fc.constant({}),
});
const draft: fc.Arbitrary<Draft> = fc
  .record({
    isNamed: fc.boolean(),
    header: fc.constantFrom(undefined, 'TEXT' as const, 'IMAGE' as const, 'LOCATION' as const),
    headerText: text.map(each => each.slice(0, 60)),
    file: fc.constantFrom(undefined, { id: idExamples.media, filename: 'a.jpg' }),
    body: text,
    footer: fc.constantFrom('', 'Farol Books', 'For {{name}}'),
    buttons: fc.array(button as fc.Arbitrary<Draft['buttons'][number]>, { maxLength: 4 }),
    hasSamples: fc.boolean(),
  })
  .map(({ hasSamples, ...rest }) => {
    const names = ['name', '1', '2', 'Name'];
    const samples = hasSamples
      ? Object.fromEntries(names.flatMap(name => [[`body.${name}`, 'x'] as const, [`header.${name}`, 'x'] as const]))
      : {};
    return { ...emptyDraft, ...rest, name: 'order_ready', language: 'en', samples };
  });

test('the server accepts each draft that keeps the rules here', () => {
  fc.assert(
    fc.property(draft, given => {
      fc.pre(checkRules(given).every(({ holds }) => holds));
      const format = given.isNamed ? 'named' : 'positional';
      const { components } = createTemplateBody.parse({
        account_id: idExamples.account,
        name: given.name,
        language: given.language,
        category: given.category,
        components: componentsOf(given),
      });
      expect(definitionErrors(components, given.category, format, undefined)).toEqual([]);
    }),
    { numRuns: 100, maxSkipsPerRun: 1_000 },
  );
});
