// The values of the variables of a template.
import { fillReply } from '@recado/contract';
import type { Values, Variable } from '../../../../components/message/template-shape.ts';
import type { Offer } from '../replies/of-conversation.ts';

/** WhatsApp accepts neither line breaks and tabs nor five spaces in a row in a value. */
export const clean = (text: string) => text.replace(/[\n\r\t]+/g, ' ').replace(/ {5,}/g, '    ');

/** A template names contact.first_name as first_name or contact_first_name, and field.order as order or field_order. */
function namesOf(variable: string): string[] {
  const [owner, name] = variable.split('.');
  const whole = variable.replaceAll('.', '_');
  return name !== undefined && (owner === 'contact' || owner === 'field') ? [whole, name] : [whole];
}

/** What a saved reply says for the variables of a template that have the names of its own. */
export function offeredValues(
  { body, values }: Pick<Offer, 'body' | 'values'>,
  variables: readonly Variable[],
): Values {
  const named = new Map<string, string>();
  for (const { variable, text, isEmpty } of fillReply(body, values))
    if (variable !== undefined && !isEmpty)
      for (const name of namesOf(variable)) if (!named.has(name)) named.set(name, clean(text));
  return Object.fromEntries(
    variables.flatMap(({ id, name }) => {
      const value = name === undefined ? undefined : named.get(name);
      return value === undefined ? [] : [[id, value]];
    }),
  );
}
