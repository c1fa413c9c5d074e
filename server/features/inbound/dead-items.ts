// Limits the dead letters of one payload: a flood of items that cannot be applied makes few rows.
import type { DeadItem } from './inbound-store.ts';

/** The most items of a payload that become dead letters of their own, for each workspace that they are of. */
const mostOfOne = 100;

/** The same items; those of a payload beyond the most become one dead letter, which has their number. */
export function condensed(dead: DeadItem[]): DeadItem[] {
  const groups = new Map<string, DeadItem[]>();
  for (const item of dead) {
    const key = `${item.payloadId} ${item.owner?.workspaceId ?? ''}`;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()].flatMap(group => {
    // By place, so that a retry keeps the same ones.
    group.sort((one, other) => one.place - other.place);
    const rest = group.slice(mostOfOne);
    const [first] = rest;
    if (!first) return group;
    return [
      ...group.slice(0, mostOfOne),
      {
        ...first,
        // No item has a place below zero, and the rests of several workspaces begin at different items.
        place: -1 - first.place,
        item: null,
        code: 'more_items',
        reason: `${rest.length} more items of this webhook could not be applied`,
      },
    ];
  });
}

/** Of each payload, how many items are dead, and why the first is. */
export function tallyOf(dead: DeadItem[]): { payloadId: number; items: number; reason: string }[] {
  const tallies = new Map<number, { payloadId: number; items: number; reason: string }>();
  for (const { payloadId, reason } of dead) {
    const tally = tallies.get(payloadId);
    if (tally) tally.items++;
    else tallies.set(payloadId, { payloadId, items: 1, reason });
  }
  return [...tallies.values()];
}
