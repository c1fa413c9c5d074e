import {
  contactErrors,
  contactRoutes,
  fieldRoutes,
  freeFields,
  freeLabelled,
  labelRoutes,
  ownerRoutes,
  unreadRoutes,
} from '../../features/contacts/index.ts';
import type { Feature } from '../feature.ts';

export const contacts: Feature = {
  errors: { section: 'Contacts and conversations', table: contactErrors },
  sweeps: ({ context: { engineDb, clock } }) => [
    () => freeFields(engineDb, clock.sqlNow),
    () => freeLabelled(engineDb, clock.sqlNow),
  ],
  routes(server, { process: { context, channels, runHook } }) {
    const { db, clock } = context;
    fieldRoutes(server, { db });
    labelRoutes(server, { db });
    contactRoutes(server, { db, clock, runHook });
    unreadRoutes(server, { db, clock });
    ownerRoutes(server, { db, clock, channels: channels.channels });
  },
};
