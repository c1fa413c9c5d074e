import { accountErrors, accountRoutes, numberReadings, numbersOf } from '../../features/accounts/index.ts';
import { readNewTemplates } from '../../features/templates/index.ts';
import type { Feature } from '../feature.ts';
import { templatePartsOf } from './templates.ts';

export const accounts: Feature = {
  errors: { section: 'Accounts', table: accountErrors },
  routes(server, { process, publicUrl }) {
    const { context, channels, runHook, wake } = process;
    const { config, db, engineDb, clock } = context;
    const { absenceOf, business, encrypter, forget, introduce } = channels;
    const { sync } = templatePartsOf(process);
    accountRoutes(server, {
      baseUrl: publicUrl,
      connect: { db, engineDb, clock, encrypter, business, publicUrl: config.publicUrl, forget, wake },
      absenceOf,
      runHook,
      readTemplates: (workspaceId, accountId) => readNewTemplates(sync, workspaceId, accountId),
      db,
      clock,
      wake,
      introduce,
    });
  },
  sweeps({ context, channels: { business, encrypter }, wake, onStop }) {
    const { config, engineDb: db, clock, log } = context;
    const numbers = numberReadings({ db, clock, log, encrypter, business, publicUrl: config.publicUrl, wake });
    onStop(numbers.close);
    return [async () => numbers.begin()];
  },
  async listening({ process: { context, channels } }) {
    await channels.introduce(await numbersOf(context.engineDb, 'sandbox'));
  },
};
