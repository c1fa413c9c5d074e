import { noteErrors, noteHooks, noteRoutes } from '../../features/notes/index.ts';
import type { Feature } from '../feature.ts';

export const notes: Feature = {
  errors: { section: 'Notes', table: noteErrors },
  hooks: noteHooks,
  routes(server, { process: { context } }) {
    noteRoutes(server, context);
  },
};
