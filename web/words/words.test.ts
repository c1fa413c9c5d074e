// Each member of an enum that people see has a text in every language.
import { readdirSync, readFileSync } from 'node:fs';
import {
  accountStatuses,
  allMessageTypes,
  channelNames,
  eventTypes,
  holdReasons,
  importFates,
  importRowCodes,
  importStates,
  keyScopes,
  laneKinds,
  linkCauses,
  linkStates,
  mediaStatuses,
  optOutCategories,
  optOutSources,
  priorities,
  roles,
  skippedCodes,
  statuses,
  waitingReasons,
} from '@recado/contract';
import { expect, test } from 'vitest';
import { underscored } from './event.ts';

const events = eventTypes.map(underscored);
const holds = holdReasons.map(reason => `${reason}_other`);

const groups: Record<string, readonly string[]> = {
  accountStatus: accountStatuses,
  channel: channelNames,
  'contentType.composer': allMessageTypes,
  'contentType.inbox': allMessageTypes,
  'contentType.queue': allMessageTypes,
  hold: holds,
  'imports.code': importRowCodes,
  'imports.fate': importFates,
  'imports.state': importStates,
  'inbox.event': events,
  'inbox.file': mediaStatuses.filter(status => status !== 'stored'),
  'inbox.optedOut': optOutCategories,
  'inbox.priority': priorities,
  'inbox.waits': waitingReasons,
  'link.cause': linkCauses,
  'link.head': linkStates,
  'link.state': linkStates,
  'link.text': linkStates,
  'message.event': events,
  'message.priority': priorities,
  'message.says': statuses,
  'optOut.in': optOutCategories,
  'optOut.out': optOutCategories,
  'optOut.source': optOutSources,
  'queue.because': waitingReasons,
  'queue.lane': laneKinds,
  'queue.reason': waitingReasons,
  'queue.skipped': skippedCodes,
  role: roles,
  roleHint: roles,
  scope: keyScopes,
  status: statuses,
};

type Texts = { [name: string]: string | Texts };

test.each(['en', 'pt', 'es', 'ar'])('%s has a text for each member of each enum', language => {
  const folder = new URL(`../locales/${language}/`, import.meta.url);
  const texts: Texts = Object.assign(
    {},
    ...readdirSync(folder)
      .filter(name => name.endsWith('.json'))
      .map(name => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))),
  );
  const missing = Object.entries(groups).flatMap(([group, members]) => {
    const found = group
      .split('.')
      .reduce<string | Texts | undefined>(
        (within, name) => (typeof within === 'object' ? within[name] : undefined),
        texts,
      );
    const isThere = (member: string) => typeof found === 'object' && typeof found[member] === 'string';
    return members.filter(member => !isThere(member)).map(member => `${group}.${member}`);
  });
  expect(missing).toEqual([]);
});
