import {
  authErrors,
  authRoutes,
  deleteExpiredSessions,
  meRoutes,
  secondFactorRoutes,
  testMailRoutes,
} from '../../features/auth/index.ts';
import { every, type Feature, hour } from '../feature.ts';
import { mailerOf, seedWorkspaceOf } from './workspace-parts.ts';

export const auth: Feature = {
  errors: { section: 'Setup and login', table: authErrors },
  async routes(server, api) {
    const { db, engineDb, clock } = api.process.context;
    const mailer = await mailerOf(api.process);
    authRoutes(server, {
      ...api.logIn,
      cookies: api.cookies,
      seedWorkspace: seedWorkspaceOf(api.process),
      mailer,
      backgroundTasks: api.later,
      publicUrl: api.publicUrl,
    });
    meRoutes(server, { db, engineDb, clock, proving: api.logIn });
    secondFactorRoutes(server, api.logIn);
    testMailRoutes(server, { db, counting: { db: engineDb, clock }, mailer });
  },
  sweeps: process => [
    every(hour, process, () => deleteExpiredSessions(process.context.engineDb, process.context.clock)),
  ],
};
