import { type EventName, eventCatalogue, eventNames } from '@recado/contract';
import { expect, test } from 'vitest';
import { covers } from './matching.ts';

test('an endpoint with all rights gets each type of event but the live ones and tests of others', () => {
  const permissions = eventNames.map(name => eventCatalogue[name].permission);
  const endpoint = { id: 'own', permissions, accounts: null };
  const row = { xid: '1', id: 1, workspace_id: 'w', account_id: null, message_id: null, number: null, at: new Date() };
  const got = (type: EventName, data = {}) => covers(endpoint, { ...row, type, data });
  expect(eventNames.filter(type => !got(type))).toEqual(['import.progress', 'endpoint.test']);
  expect(got('endpoint.test', { endpoint_id: 'own' })).toBe(true);
});
