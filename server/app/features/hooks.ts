import { deleteOldCalls, hookErrors, hookHandlers, hookLane, hookRoutes } from '../../features/hooks/index.ts';
import { every, type Feature, hour } from '../feature.ts';
import { messageNeedsOf } from './messages.ts';

const keptDays = 30;
const mostCalls = 1_000;

export const hooks: Feature = {
  errors: { section: 'Hooks', table: hookErrors },
  hooks: hookHandlers,
  routes(server, { process, logIn: { encrypter }, publicUrl }) {
    const { context, wake } = process;
    const { db, engineDb, clock } = context;
    const check: Parameters<typeof hookRoutes>[1]['check'] = (...asked) =>
      messageNeedsOf(process).accepting.check(...asked);
    hookRoutes(server, { db, engineDb, clock, encrypter, check, wake, publicUrl });
  },
  lanes(process) {
    const { engineDb: db, clock } = process.context;
    return [hookLane({ db, clock, accept: (...asked) => messageNeedsOf(process).accepting.accept(...asked) })];
  },
  sweeps(process) {
    const { engineDb: db, clock } = process.context;
    return [every(hour, process, () => deleteOldCalls(db, new Date(clock.now() - keptDays * 24 * hour), mostCalls))];
  },
};
