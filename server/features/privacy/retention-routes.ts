// What a retention would delete, over HTTP, before somebody sets it.
import { problemSchema, type RetentionPreview, retentionPreviewQuery, retentionPreviewSchema } from '@recado/contract';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, countedTo, demandEveryAccount, type Server } from '../../kit/http/routes.ts';
import type { Clock } from '../../kit/time.ts';
import { uploadedBefore } from '../media/index.ts';
import { neededOf } from '../messages/index.ts';
import { countOld } from './remove-store.ts';

type Counted = RetentionPreview['messages'];

const nothing: Counted = { count: 0, oldest: null };
const most = countedTo + 1;

/** Lists count so far, and no further. */
const counted = (count: number, oldest: Date | null | undefined): Counted => ({
  count: count > countedTo ? null : count,
  oldest: oldest?.toISOString() ?? null,
});

async function oldFiles(db: Queryable, workspaceId: string, days: number, now: Date | null) {
  const files = await uploadedBefore(db, workspaceId, days, most, now);
  const needed = await neededOf(
    db,
    workspaceId,
    files.map(({ id }) => id),
  );
  const gone = files.filter(({ id }) => !needed.has(id));
  const isCut = files.length === most;
  return {
    ...counted(isCut ? most : gone.length, gone[0]?.createdAt),
    bytes: isCut ? null : gone.reduce((sum, { size }) => sum + size, 0),
  };
}

export function retentionRoutes(app: Server, { db, clock }: { db: ScopedDatabase; clock: Clock }): void {
  app.get(
    '/api/v1/workspace/retention',
    {
      config: { permission: 'workspace.manage' },
      schema: {
        tags: ['Workspace'],
        operationId: 'previewRetention',
        summary: 'Show what a retention would delete now, without deleting it',
        description: 'Counts what the next runs would delete with these days. A field that is absent keeps all.',
        querystring: retentionPreviewQuery,
        response: { 200: retentionPreviewSchema, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const { messages_days: messages, media_days: media } = request.query;
      const mine = db.listsWithin(caller);
      const now = clock.sqlNow();
      const old = messages === undefined ? undefined : await countOld(mine, workspaceId, messages, most, now);
      return {
        messages: old ? counted(old.count, old.oldest) : nothing,
        media: media === undefined ? { ...nothing, bytes: 0 } : await oldFiles(mine, workspaceId, media, now),
      };
    },
  );
}
