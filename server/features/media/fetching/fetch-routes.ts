// Retries the download of an inbound file, over HTTP.
import { idSchema, mediaSchema, problemSchema } from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../../kit/audit.ts';
import type { ScopedDatabase } from '../../../kit/db/database.ts';
import { callerOf, type Server } from '../../../kit/http/routes.ts';
import { toUuid } from '../../../kit/ids.ts';
import type { Clock } from '../../../kit/time.ts';
import { problem } from '../errors.ts';
import { presentMedia } from '../files/media.ts';
import { findMedia } from '../files/store.ts';
import { retryFetch } from './fetch-store.ts';

export function fetchRoutes(
  app: Server,
  { db, clock, wake }: { db: ScopedDatabase; clock: Clock; wake: (kind: string, key: string) => void },
): void {
  app.post(
    '/api/v1/media/:id/retry',
    {
      config: { permission: 'messages.update' },
      schema: {
        tags: ['Media'],
        operationId: 'retryMedia',
        summary: 'Download a file of an inbound message again',
        description: 'The file must be failed or expired. A pending file does not change.',
        params: z.strictObject({ id: idSchema('media') }),
        response: { 202: mediaSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      const row = await db.within(caller).transaction(async tx => {
        const before = await retryFetch(tx, caller.workspaceId, id, clock.sqlNow());
        if (!before) throw problem('media_not_found');
        if (before.direction !== 'received' || before.status === 'stored') throw problem('media_not_fetched');
        if (before.status !== 'pending')
          await audit(tx, actorOf(request), { action: 'media.retried', target: { kind: 'media', id } });
        return findMedia(tx, caller.workspaceId, id);
      });
      if (!row) throw problem('media_not_found');
      if (row.account_id !== null) wake('fetch', row.account_id);
      return reply.code(202).send(presentMedia(row));
    },
  );
}
