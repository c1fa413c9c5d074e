// Which queries an event makes old. They are read again at most so often, however many events come.
import type { RecadoEvent } from '@recado/client';
import { hashKey, type Query, type QueryClient, type QueryKey } from '@tanstack/react-query';
import { startLive } from '../kit/live.ts';
import { staleAccounts } from './accounts.ts';
import { staleAlerts, staleFiring } from './alerts.ts';
import { staleCampaigns } from './campaigns.ts';
import { staleFields } from './contact-fields.ts';
import { staleContacts } from './contacts.ts';
import { staleChanges } from './conversation-states.ts';
import { staleCounts, staleFigures } from './conversations-stale.ts';
import { staleCost } from './cost.ts';
import { staleEndpoints } from './endpoints.ts';
import { staleHooks } from './hooks.ts';
import { staleImports } from './imports.ts';
import { staleLabels } from './labels.ts';
import { staleLinks } from './links.ts';
import { meQuery } from './me.ts';
import { staleFiles, staleMessages } from './messages.ts';
import { staleNotes } from './notes.ts';
import { staleNotifications } from './notifications.ts';
import { staleOptOuts } from './opt-outs.ts';
import { stalePhones } from './phones.ts';
import { staleQueue } from './queue.ts';
import { staleReports } from './reports.ts';
import { staleSavedReplies } from './saved-replies.ts';
import { staleSavedViews } from './saved-views.ts';
import { staleSegments } from './segments.ts';
import { staleSent } from './statistics.ts';
import { staleTeams } from './teams.ts';
import { staleTemplates } from './templates.ts';
import { staleWallViews } from './wall-views.ts';

interface Pace {
  stale: readonly ((event: RecadoEvent) => readonly QueryKey[])[];
  /** The first events of a burst are gathered for a moment, the next for longer. */
  gatherMs: number;
  pauseMs: number;
  /** Whether it is read again while nobody sees it: the title of a hidden tab is seen. */
  isSeenHidden?: boolean;
}

const paces: readonly Pace[] = [
  // One thing that somebody looks at.
  {
    stale: [
      staleAlerts,
      staleCampaigns,
      staleChanges,
      staleImports,
      staleMessages,
      staleLinks,
      staleNotes,
      staleOptOuts,
      stalePhones,
    ],
    gatherMs: 10,
    pauseMs: 250,
  },
  // The number in the title of the tab, which must not lag behind the rows.
  { stale: [staleCounts, staleFiring], gatherMs: 50, pauseMs: 500, isSeenHidden: true },
  // A worker notes it a moment after the event.
  { stale: [staleNotifications], gatherMs: 800, pauseMs: 800, isSeenHidden: true },
  // Lists and figures.
  {
    stale: [
      staleAccounts,
      staleContacts,
      staleCost,
      staleEndpoints,
      staleFields,
      staleFigures,
      staleFiles,
      staleHooks,
      staleLabels,
      staleQueue,
      staleReports,
      staleSavedReplies,
      staleSavedViews,
      staleSegments,
      staleSent,
      staleTeams,
      staleTemplates,
      staleWallViews,
    ],
    gatherMs: 100,
    pauseMs: 2_000,
  },
];

/** Keeps what is shown up to date with the events of the workspace, until the session ends. */
export function followEvents(client: QueryClient, onAccessChange: () => void): void {
  startLive({
    onAccessChange,
    onGap: () => rereadAll(client),
    onReturn: () => reread(client, isOfInbox),
    begin: signal => {
      const takers = paces.map(pace => gather(client, pace, signal));
      return event => {
        for (const take of takers) take(event);
      };
    },
  });
}

/** Takes events and marks their keys as old, until the signal. Queries of a hidden tab wait until somebody sees it. */
function gather(client: QueryClient, pace: Pace, signal: AbortSignal): (event: RecadoEvent) => void {
  const { stale, gatherMs, pauseMs, isSeenHidden = false } = pace;
  const old = new Map<string, QueryKey>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastAt = 0;

  function readAgain(): void {
    timer = undefined;
    if (document.visibilityState === 'hidden' && !isSeenHidden) return;
    lastAt = Date.now();
    for (const queryKey of old.values()) void client.invalidateQueries({ queryKey });
    old.clear();
  }

  function plan(): void {
    if (old.size === 0 || timer !== undefined) return;
    timer = setTimeout(readAgain, Math.max(gatherMs, lastAt + pauseMs - Date.now()));
  }
  document.addEventListener('visibilitychange', plan, { signal });
  signal.addEventListener('abort', () => clearTimeout(timer));

  return event => {
    for (const key of stale.flatMap(keysOf => keysOf(event))) old.set(hashKey(key), key);
    plan();
  };
}

/** All but the person, who is read by `rereadMe`, and questions that cost something. */
const isReread = ({ meta, queryKey }: Query) => meta?.costly !== true && queryKey[0] !== meQuery.queryKey[0];

/** What must never be silently old, whatever the stream brings: somebody answers by it. */
const ofInbox: ReadonlySet<unknown> = new Set(['conversations', 'messages', 'notes', 'notifications']);
const isOfInbox = (query: Query) => isReread(query) && ofInbox.has(query.queryKey[0]);

/** Reads all that is shown again. */
export const rereadAll = (client: QueryClient): Promise<void> => reread(client, isReread);

/** Also what is on its way: the answer may be older. */
async function reread(client: QueryClient, predicate: (query: Query) => boolean): Promise<void> {
  await client.cancelQueries({ predicate });
  await client.invalidateQueries({ predicate });
}
