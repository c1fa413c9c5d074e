// Which channels this server serves: before somebody connects an account.
import { type ChannelList, channelList, channelNames, channels } from '@recado/contract';
import type { Server } from '../../kit/http/routes.ts';
import type { AbsenceOf } from './manage-account.ts';

export function channelRoutes(app: Server, absenceOf: AbsenceOf): void {
  app.get(
    '/api/v1/channels',
    {
      config: { permission: 'accounts.read' },
      schema: {
        tags: ['Accounts'],
        operationId: 'listChannels',
        summary: 'List the channels with their capabilities, and whether this server serves them',
        response: { 200: channelList },
      },
    },
    async (): Promise<ChannelList> => ({
      data: channelNames.map(name => {
        const reason = absenceOf(name);
        return { name, available: reason === undefined, reason: reason ?? null, capabilities: channels[name] };
      }),
    }),
  );
}
