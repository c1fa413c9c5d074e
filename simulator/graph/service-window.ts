// What Meta lets a business send to a person: free-form messages within 24 hours after the person wrote or called, and
// marketing templates unless the person stopped them.

import type { OutcomeName } from '../control/reserved-recipients.ts';
import type { Clock } from '../kit/clock.ts';
import type { Settings } from '../options.ts';
import type { Phones } from '../phones/phones.ts';

const windowMs = 24 * 3_600_000;

type Sent = { business: string; person: string; type: string; isMarketing: boolean };

/** When the person last wrote to the business, or called it; null if never. */
const heardAt = (phones: Phones, business: string, person: string): number | null => {
  const thread = phones.person(person)?.threads.get(business) ?? [];
  const last = thread.findLast(message => message.direction === 'written' && message.type !== 'system');
  return last === undefined ? null : Date.parse(last.at);
};

/** Whether the person wrote or called in the last 24 hours. */
export const isWindowOpen = (phones: Phones, business: string, person: string, now: number): boolean => {
  const heard = heardAt(phones, business, person);
  return heard !== null && now - heard <= windowMs;
};

/** Returns a function that gives the outcome of a valid message that Meta does not deliver, or null. */
export const createServiceWindow =
  (phones: Phones, clock: Clock, { window }: Settings) =>
  ({ business, person, type, isMarketing }: Sent): OutcomeName | null => {
    if (isMarketing && phones.stoppedMarketing(business, person)) return 'marketing-stopped';
    if (!window || type === 'template') return null;
    return isWindowOpen(phones, business, person, clock.now()) ? null : 'outside-window';
  };
