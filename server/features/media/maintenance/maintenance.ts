// Media maintenance: deletes what is not needed, and finishes interrupted work.
import type { Logger } from '../../../kit/log.ts';
import { storageKey } from '../../../ports/storage.ts';
import { type ContentKey, isInUse, unusedContents } from '../files/content-store.ts';
import { deleteMedia } from '../files/store.ts';
import { dropContent, type MediaService } from '../files/store-file.ts';
import type { MediaNeeds } from '../needs.ts';
import { isOutlived, outlivedFiles } from './maintenance-store.ts';

type MaintenanceNeeds = Pick<MediaService, 'engineDb' | 'clock' | 'stores' | 'spool'> & Pick<MediaNeeds, 'isNeeded'>;

const atOnce = 100;
const dayMs = 86_400_000;
const leftoversEveryMs = 6 * 3_600_000;

/** Removes unused contents and finishes interrupted removals; returns how many. A failure does not stop the rest. */
export async function tidyMedia(
  needs: Pick<MaintenanceNeeds, 'engineDb' | 'clock' | 'stores'>,
  failed: (error: unknown, key: ContentKey) => void,
): Promise<number> {
  let removed = 0;
  for (;;) {
    const found = await unusedContents(needs.engineDb, needs.clock.sqlNow(), atOnce);
    let now = 0;
    for (const key of found)
      try {
        if (await dropContent(needs, key)) now += 1;
      } catch (error) {
        failed(error, key);
      }
    removed += now;
    if (found.length < atOnce || now === 0) return removed;
  }
}

const needed = new Error('a message needs the file');

/**
 * Deletes the rows of files that have outlived their retention or their message, unless a message needs them; returns
 * how many. A failure does not stop the rest.
 */
async function deleteExpiredFiles(
  { engineDb, clock, isNeeded }: MaintenanceNeeds,
  failed: (error: unknown, id: string) => void,
): Promise<number> {
  let after = '00000000-0000-0000-0000-000000000000';
  let removed = 0;
  for (;;) {
    const found = await outlivedFiles(engineDb, after, clock.sqlNow(), atOnce);
    for (const { id, workspaceId } of found)
      try {
        const deleted = await engineDb.transaction(async tx => {
          // Somebody may have changed the retention since the list was read.
          if (!(await isOutlived(tx, workspaceId, id, clock.sqlNow()))) return false;
          await deleteMedia(tx, workspaceId, id);
          if (await isNeeded(engineDb, workspaceId, id)) throw needed;
          return true;
        });
        if (deleted) removed += 1;
      } catch (error) {
        if (error !== needed) failed(error, id);
      }
    after = found.at(-1)?.id ?? after;
    if (found.length < atOnce) return removed;
  }
}

export interface MediaMaintenance {
  /** Starts a round in the background, unless one runs: a store may be slow. */
  begin(): void;
  close(): Promise<void>;
}

export function mediaMaintenance(needs: MaintenanceNeeds, log: Logger): MediaMaintenance {
  let running: Promise<void> | undefined;
  let leftoversAt = 0;

  /** Steps are independent: a failed step does not skip the others. */
  async function step(what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      log.warn({ err: error, step: what }, 'a step of the media maintenance failed; the next round retries it');
    }
  }

  async function tidy(): Promise<void> {
    const removed = await tidyMedia(needs, (error, { workspaceId, sha256 }) =>
      log.warn({ err: error, content: storageKey(workspaceId, sha256) }, 'an unused file could not be deleted'),
    );
    if (removed > 0) log.info({ removed }, 'unused files were deleted');
  }

  async function round(): Promise<void> {
    // Contents of erased people go first, before expired ones.
    await step('contents', tidy);
    await step('old files', async () => {
      const removed = await deleteExpiredFiles(needs, (err, media) =>
        log.warn({ err, media }, 'an expired file could not be deleted'),
      );
      if (removed > 0) await tidy();
    });
    if (needs.clock.now() < leftoversAt) return;
    leftoversAt = needs.clock.now() + leftoversEveryMs;
    await step('spool', () => needs.spool.removeLeftovers());
    for (const name of needs.stores.names)
      await step(`unfinished puts in ${name}`, async () => {
        const { stores, engineDb } = needs;
        // Every installation has the disk store configured. Do not create its folder if it has no files.
        if (name === 'disk' && name !== stores.current && !(await isInUse(engineDb, name))) return;
        const storage = await stores.open(name);
        await storage.removeLeftovers(new Date(Date.now() - dayMs));
      });
  }

  return {
    begin() {
      running ??= round().finally(() => {
        running = undefined;
      });
    },
    close: async () => running,
  };
}
