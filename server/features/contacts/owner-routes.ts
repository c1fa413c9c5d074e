// Taking, passing on and releasing a conversation that several may answer.
import { controlThreadBody, conversationSchema, idSchema, problemSchema } from '@recado/contract';
import { z } from 'zod';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { type Channel, type Channels, CredentialsError } from '../../ports/channel.ts';
import { presentConversation } from './contact.ts';
import { findConversation } from './conversation-store.ts';
import { problem } from './errors.ts';
import { controlledThread, noteOwner } from './owner-store.ts';
import { addressOfContact } from './store.ts';

export interface OwnerNeeds {
  db: ScopedDatabase;
  clock: Clock;
  channels: Channels;
}

const ownerAfter = { take: 'us', pass: 'other', release: null } as const;

export function ownerRoutes(app: Server, { db, clock, channels }: OwnerNeeds): void {
  app.post(
    '/api/v1/conversations/:id/control',
    {
      config: { permission: 'messages.update' },
      schema: {
        tags: ['Conversations'],
        operationId: 'controlConversation',
        summary: 'Take, pass on or release a conversation',
        description:
          'For numbers that several partners, or an agent of WhatsApp, answer. Recado asks WhatsApp at once, and once.',
        params: z.strictObject({ id: idSchema('conversation') }),
        body: controlThreadBody,
        response: { 200: conversationSchema, 404: problemSchema, 409: problemSchema, 502: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const mine = db.within(caller);
      const id = toUuid(request.params.id);
      const thread = await controlledThread(mine, caller.workspaceId, id);
      if (!thread) throw problem('conversation_not_found');
      const channel = await channelOf(channels, thread);
      const to = (await addressOfContact(mine, caller.workspaceId, thread.contactId, ['phone', 'bsuid']))?.address;
      if (!channel?.controlThread || to === undefined || to === null) throw problem('thread_control_not_supported');
      const { action, role, metadata } = request.body;
      const outcome = await channel.controlThread(thread.numberId, to, { action, role, metadata });
      if (outcome.class !== 'done') {
        const code = outcome.class === 'rejected' ? 'thread_control_rejected' : 'thread_control_unknown';
        throw problem(code, `WhatsApp says: ${outcome.title} (${outcome.code})`);
      }
      await mine.transaction(tx => noteOwner(tx, id, { owner: ownerAfter[action], role }, clock.sqlNow()));
      const row = await findConversation(mine, caller.workspaceId, id);
      if (!row) throw problem('conversation_not_found');
      return presentConversation(row, clock.now(), caller.permissions.has('messages.read'));
    },
  );
}

/** The channel of an account; undefined without credentials, or where it is not served here. */
async function channelOf(
  channels: Channels,
  account: { accountId: string; channel: string },
): Promise<Channel | undefined> {
  if (!channels.capabilitiesOf(account.channel)) return undefined;
  try {
    return await channels.of(account);
  } catch (error) {
    if (error instanceof CredentialsError) return undefined;
    throw error;
  }
}
