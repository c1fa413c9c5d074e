import { neededOf } from '../../features/messages/index.ts';
import { noteErrors, noteHooks, noteRoutes } from '../../features/notes/index.ts';
import type { Feature } from '../feature.ts';

export const notes: Feature = {
  errors: { section: 'Notes', table: noteErrors },
  hooks: noteHooks,
  routes(server, { process: { context } }) {
    const { db, engineDb, clock } = context;
    noteRoutes(server, { db, clock, neededOf: (workspaceId, ids) => neededOf(engineDb, workspaceId, ids) });
  },
};
