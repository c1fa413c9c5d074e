import { contactErrors, contactRoutes, ownerRoutes, unreadRoutes } from '../../features/contacts/index.ts';
import type { Feature } from '../feature.ts';

export const contacts: Feature = {
  errors: { section: 'Contacts and conversations', table: contactErrors },
  routes(server, { process: { context, channels, runHook } }) {
    const { db, clock } = context;
    contactRoutes(server, { db, clock, runHook });
    unreadRoutes(server, { db, clock });
    ownerRoutes(server, { db, clock, channels: channels.channels });
  },
};
