import { expect, test } from 'vitest';
import { fillReply, nearestVariable, type ReplyValues, replyParts, unknownVariables } from './reply-variables.ts';

const values: ReplyValues = {
  contact: { name: 'Ana Souza', fields: { shop: 'Chiado', visits: 3, member: false } },
  agent: 'Bruno',
  account: 'Farol Lisboa',
};
const filled = (body: string, given = values) =>
  fillReply(body, given)
    .map(({ text }) => text)
    .join('');

test('variables say what is known of the conversation', () => {
  expect(filled('Hi {{contact.first_name|there}}, {{ agent.name }} of {{account.name}} at {{field.shop}}.')).toBe(
    'Hi Ana, Bruno of Farol Lisboa at Chiado.',
  );
  expect(filled('{{contact.name}}: {{field.visits}} visits, member {{field.member}}')).toBe(
    'Ana Souza: 3 visits, member false',
  );
  const nameless = { ...values, contact: { name: null, fields: {} } };
  expect(filled('Hi {{contact.first_name|there}}', nameless)).toBe('Hi there');
});

test('an empty one without a fallback stays as it was written, and is marked', () => {
  expect(fillReply('Order {{field.order}}.', values)).toEqual([
    { text: 'Order ' },
    { text: '{{field.order}}', variable: 'field.order', isEmpty: true },
    { text: '.' },
  ]);
  expect(fillReply('{{field.order|}}', values)).toMatchObject([{ isEmpty: true }]);
});

test('what is no variable is text', () => {
  for (const body of ['{{', '}} {{}', '{ {contact.name} }', ''])
    expect(
      replyParts(body)
        .map(({ text }) => text)
        .join(''),
    ).toBe(body);
  expect(replyParts('{{a {{contact.name}}')).toMatchObject([{ text: '{{a ' }, { variable: 'contact.name' }]);
});

test('an unknown one is found, with the one that was meant', () => {
  const fields = ['order', 'shop'];
  expect(unknownVariables('{{field.ordr}} {{contact.name}} {{}} {{field.ordr|x}}', fields)).toEqual(['field.ordr', '']);
  expect(nearestVariable('field.ordr', fields)).toBe('field.order');
  expect(nearestVariable('contact.nam', fields)).toBe('contact.name');
  expect(nearestVariable('weather', fields)).toBeUndefined();
});
