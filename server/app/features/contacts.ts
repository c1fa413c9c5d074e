import { contactErrors, contactRoutes, ownerRoutes } from '../../features/contacts/index.ts';
import type { Feature } from '../feature.ts';

export const contacts: Feature = {
  errors: { section: 'Contacts and conversations', table: contactErrors },
  routes(server, { process: { context, channels, runHook } }) {
    const { db, clock } = context;
    contactRoutes(server, { db, clock, runHook });
    ownerRoutes(server, { db, clock, channels: channels.channels });
  },
};
