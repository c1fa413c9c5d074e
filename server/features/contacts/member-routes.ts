// The members of a static list: many contacts at once, by their ids or by the filters of contacts.
import { changedMembersSchema, changeMembersBody, idSchema, mostMembers, problemSchema } from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, demandEveryAccount, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { addMembers, findSegment, realmOf, removeMembers, segmentProblem } from '../segments/index.ts';
import { readFilter } from './contact-filter.ts';
import { findIds } from './list-store.ts';

export function memberRoutes(app: Server, { db, clock }: { db: ScopedDatabase; clock: Clock }): void {
  app.post(
    '/api/v1/segments/:id/members',
    {
      config: { permission: 'contacts.manage' },
      schema: {
        tags: ['Segments'],
        operationId: 'changeMembers',
        summary: 'Add contacts to a static list, or remove them',
        description: `The contacts with these ids, or all that fit a filter, at most ${mostMembers}. All change together.`,
        params: z.strictObject({ id: idSchema('segment') }),
        body: changeMembersBody,
        response: { 200: changedMembersSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const { action, contact_ids, filter } = request.body;
      const id = toUuid(request.params.id);
      const realm = realmOf(caller, clock);
      return db.within(caller).transaction(async tx => {
        const segment = await findSegment(tx, workspaceId, id);
        if (!segment) throw segmentProblem('segment_not_found');
        if (segment.kind !== 'list') throw segmentProblem('segment_is_filter');
        const contacts =
          filter === undefined
            ? (contact_ids ?? []).map(each => toUuid(each))
            : await findIds(tx, realm, await readFilter(tx, realm, filter), mostMembers + 1);
        if (contacts.length > mostMembers) throw segmentProblem('too_many_members');
        const change = action === 'add' ? addMembers : removeMembers;
        const changed = await change(tx, workspaceId, id, contacts);
        await audit(tx, actorOf(request), {
          action: action === 'add' ? 'segment.members_added' : 'segment.members_removed',
          target: { kind: 'segment', id },
          detail: { contacts: changed, filters: Object.keys(filter ?? {}) },
        });
        return { changed };
      });
    },
  );
}
