// Bodies that the fan-out makes for the claims that follow at once, so that these read no event and no message.

import { presenterFor } from '../../kit/http/masking.ts';
import type { Clock } from '../../kit/time.ts';
import type { EventRow, PresentedEvent } from '../events/index.ts';
import { sentEvent } from './sent-event.ts';

/** The body of an event as it is posted, with the row that decides who may get it. */
export interface Body {
  row: EventRow;
  /** The id of the event as the API shows it. */
  eventId: string;
  body: string;
  /** Whether it has the whole phone numbers of contacts. */
  seesNumbers: boolean;
}

/** Makes the body of an event for endpoints that see phone numbers, or for those that do not. */
export function bodyOf(presented: PresentedEvent, seesNumbers: boolean): Body {
  const event = sentEvent(presented);
  return {
    row: presented.row,
    eventId: event.id,
    body: JSON.stringify(presenterFor({ seesNumbers }).shown(event)),
    seesNumbers,
  };
}

export interface KeptBodies {
  /** Says whether this process posts to an endpoint and has claimed all that is due there. */
  follow(endpointId: string, keepsUp: boolean): void;
  /** Whether a body for the endpoint is worth keeping. */
  isFollowed(endpointId: string): boolean;
  /** Keeps a body for one claim. `erasures`: of the lane of the endpoint, read before the message of the event. */
  keep(endpointId: string, body: Body, erasures: number): void;
  /** Takes a body out. Undefined where something has been erased since, or where it is too old. */
  take(endpointId: string, eventId: number, erasures: number): Body | undefined;
}

/** The fan-out and the claim are milliseconds apart. An older body would show a message as it is no more. */
const keptMs = 5_000;
/** An endpoint that was not posted to for so long is not followed. */
const followedMs = 60_000;
const mostBodies = 2_000;
const mostLength = 16 * 1_024 * 1_024;

/** Creates an empty store of bodies. */
export function keptBodies(clock: Pick<Clock, 'elapsed'>): KeptBodies {
  const followed = new Map<string, number>();
  const kept = new Map<string, Body & { erasures: number; until: number }>();
  let length = 0;

  function remove(key: string): void {
    length -= kept.get(key)?.body.length ?? 0;
    kept.delete(key);
  }

  /** The oldest ones are first. */
  function removeOld(): void {
    const now = clock.elapsed();
    for (const [key, { until }] of kept) {
      if (until > now) return;
      remove(key);
    }
  }

  return {
    follow(endpointId, keepsUp) {
      if (keepsUp) followed.set(endpointId, clock.elapsed() + followedMs);
      else followed.delete(endpointId);
    },
    isFollowed(endpointId) {
      removeOld();
      const until = followed.get(endpointId);
      if (until === undefined || kept.size >= mostBodies || length >= mostLength) return false;
      if (until <= clock.elapsed()) followed.delete(endpointId);
      return followed.has(endpointId);
    },
    keep(endpointId, body, erasures) {
      removeOld();
      const key = `${endpointId} ${body.row.id}`;
      remove(key);
      if (kept.size >= mostBodies || length + body.body.length > mostLength) return;
      kept.set(key, { ...body, erasures, until: clock.elapsed() + keptMs });
      length += body.body.length;
    },
    take(endpointId, eventId, erasures) {
      removeOld();
      const key = `${endpointId} ${eventId}`;
      const found = kept.get(key);
      remove(key);
      return found?.erasures === erasures ? found : undefined;
    },
  };
}
