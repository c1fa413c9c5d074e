// The lane of notifications: reads the event log, and notes for each person what is news to them.
import { newsTypes } from '@recado/contract';
import type { LaneKind } from '../../engine/lane.ts';
import type { Database } from '../../kit/db/database.ts';
import type { Clock } from '../../kit/time.ts';
import { hasMore, isBeyond, newestReadable, readTypes } from '../events/index.ts';
import { listenerPosition, moveListener } from '../webhooks/index.ts';
import { newsOf } from './news.ts';
import { applyNews } from './news-store.ts';

export interface NewsNeeds {
  db: Database;
  clock: Clock;
  wake: (kind: string, key: string) => void;
}

/** The only key of the lane, and its name as a reader of the log. */
export const newsKey = 'notifications';

const atOnce = 500;
/** After this time a job ends, so that others have their turn. */
const sliceMs = 1_000;

/** Begins to read the log at its end, unless it was begun before. */
export async function beginNews(db: Database): Promise<void> {
  if (!(await listenerPosition(db, newsKey))) await moveListener(db, undefined, await newestReadable(db), newsKey);
}

export function newsLane({ db, clock, wake }: NewsNeeds): LaneKind {
  /** Notes what is news after the position. Returns whether there may be more. */
  async function readOn(): Promise<boolean> {
    const position = await listenerPosition(db, newsKey);
    if (!position) return false;
    const newest = await newestReadable(db);
    const rows = await readTypes(db, newsTypes, position, atOnce);
    const last = rows.at(-1);
    const isWhole = rows.length < atOnce;
    // Behind the last event of another type too, so that the next look is short.
    const to = last && (!isWhole || isBeyond(last, newest)) ? last : newest;
    const news = await newsOf(db, rows, new Date(clock.now()));
    await db.transaction(async tx => {
      if (await moveListener(tx, position, { xid: to.xid, id: to.id }, newsKey))
        await applyNews(tx, news, new Date(clock.now()));
    });
    return !isWhole;
  }

  return {
    kind: 'news',
    concurrency: 1,
    async claim(key) {
      const job = {
        async run() {
          const end = clock.elapsed() + sliceMs;
          let more = true;
          while (more && clock.elapsed() < end) more = await readOn();
          if (more) wake('news', key);
          return undefined;
        },
        release: async () => {},
      };
      return { jobs: [job], waitMs: undefined, more: false };
    },
    async due() {
      const position = await listenerPosition(db, newsKey);
      return position && (await hasMore(db, position)) ? [newsKey] : [];
    },
  };
}
