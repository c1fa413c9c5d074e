// The query parameter `fields` of the Graph API.
import { GraphError } from './graph-errors.ts';

/** The chosen fields of an object, with its id. @throws GraphError for a field that it does not have, as at Meta */
export const chosenFields = (
  all: Record<string, unknown>,
  id: string,
  fields: unknown,
  usual: readonly string[],
): Record<string, unknown> => {
  const wanted = typeof fields === 'string' && fields !== '' ? fields.split(',') : usual;
  for (const name of wanted)
    if (name !== 'id' && !(name in all)) throw new GraphError(100, `Tried accessing nonexisting field (${name})`);
  const known = wanted.filter(name => all[name] !== undefined);
  return { ...Object.fromEntries(known.map(name => [name, all[name]])), id };
};
