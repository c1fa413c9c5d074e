// Calls as items.
import type { WACallEvent } from 'baileys';
import type { WebCallItem } from '../../protocol.ts';
import { type LidBook, personOf } from '../person.ts';

/** The steps of a call that people notice. */
const statuses = new Map<string, WebCallItem['status']>([
  ['offer', 'ringing'],
  ['timeout', 'missed'],
  ['accept', 'ended'],
  ['reject', 'ended'],
  ['terminate', 'ended'],
]);

/** The item of a step of a call; none for steps that nobody notices. */
export const callItems = async (call: WACallEvent, book: LidBook): Promise<WebCallItem[]> => {
  const status = statuses.get(call.status);
  const person = await personOf([call.from, call.callerPn], undefined, book);
  if (!status || !person) return [];
  const at = Math.floor(call.date.getTime() / 1000);
  return [{ kind: 'call', id: call.id, person, at, isVideo: call.isVideo === true, status }];
};
