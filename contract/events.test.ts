// The catalogue of events agrees with itself and with what the program writes.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { eventCatalogue, eventNames } from './event-catalogue.ts';
import { eventExample, eventPatternSchema, namesOf, publicEventSchema } from './events.ts';

test.each(eventNames)('the example of %s is as its schema says', type => {
  const example = publicEventSchema.parse(eventExample(type));
  expect(eventCatalogue[type].data.parse(example.data)).toEqual(example.data);
});

test('a group names all its types, and a name that is none is rejected', () => {
  expect(namesOf('opt_out.*')).toEqual(['opt_out.created', 'opt_out.deleted', 'opt_out.suggested']);
  for (const wrong of ['message', 'message.', '*', 'message.unheard', 'access.changed', 'access.*', 'Message.sent'])
    expect([wrong, eventPatternSchema.safeParse(wrong).success]).toEqual([wrong, false]);
});

const server = join(dirname(dirname(fileURLToPath(import.meta.url))), 'server');

const textsIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['dist', 'node_modules'].includes(entry.name) ? [] : textsIn(path);
    return /\.(sql|ts)$/.test(entry.name) && !entry.name.endsWith('.test.ts') ? [readFileSync(path, 'utf8')] : [];
  });

test('each event that a statement writes by its name is in the catalogue', () => {
  const written = textsIn(server)
    .filter(text => /insert into event |append_event\(|append_message_events\(/.test(text))
    .flatMap(text => [...text.matchAll(/'((?:message|media|account|contact|conversation|endpoint)\.[a-z_]+)'/g)])
    .map(([, name]) => name ?? '');
  expect(written.length).toBeGreaterThan(15);
  expect(written.filter(name => !(eventNames as string[]).includes(name))).toEqual([]);
});
