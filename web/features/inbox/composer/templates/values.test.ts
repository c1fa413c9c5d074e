import { expect, test } from 'vitest';
import { offeredValues } from './values.ts';

const variable = (name: string | undefined, id = `body.${name}`) => ({ id, name, example: '' });
const values = {
  contact: { name: 'Ana Souza', fields: { order: '41\n27', shop: '' } },
  agent: 'Bruno',
  account: 'Farol',
};

test('a template takes the values of the reply where names match, with their fallbacks', () => {
  const body =
    'Hi {{contact.first_name|there}}, order {{field.order}} at {{field.shop}}. {{agent.name|us}}, {{account.name}}';
  const named = ['first_name', 'field_order', 'shop', 'agent_name', 'name', 'account_name'].map(name => variable(name));
  const rest = [variable(undefined, 'body.1'), variable(undefined, 'button.0')];
  expect(offeredValues({ body, values }, [...named, ...rest])).toEqual({
    'body.first_name': 'Ana',
    'body.field_order': '41 27',
    'body.agent_name': 'Bruno',
    'body.account_name': 'Farol',
  });
  const nameless = { ...values, contact: { name: null, fields: {} } };
  expect(offeredValues({ body, values: nameless }, [variable('contact_first_name')])).toEqual({
    'body.contact_first_name': 'there',
  });
});
