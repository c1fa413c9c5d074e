// The event that an endpoint gets: the event itself, or the example that somebody asked for as a test.
import { eventExample, isEventName, type PublicEvent } from '@recado/contract';
import type { PresentedEvent } from '../events/index.ts';

/** The body of a delivery. */
export function sentEvent({ row, event }: PresentedEvent): PublicEvent {
  const type = row.type === 'endpoint.test' ? row.data.event_type : undefined;
  if (typeof type !== 'string' || !isEventName(type)) return event;
  const { id, timestamp, workspace_id } = event;
  return { ...eventExample(type), id, timestamp, workspace_id, test: true };
}
