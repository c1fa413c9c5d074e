// Parts of features about people and workspaces.
import { createAccount } from '../../features/accounts/index.ts';
import { seedChannels, seedRules } from '../../features/alerts/index.ts';
import { turnOn } from '../../features/search/index.ts';
import type { Queryable } from '../../kit/db/database.ts';
import type { Config } from '../config/config.ts';
import { type Process, part } from '../feature.ts';

/** The work that a new workspace begins with, in its transaction; it returns the work after the commit. */
export const seedWorkspaceOf =
  ({ channels: { absenceOf, introduce }, runHook, context: { clock } }: Process) =>
  async (tx: Queryable, workspaceId: string) => {
    await seedRules(tx, workspaceId);
    await seedChannels(tx, workspaceId);
    await turnOn(tx, workspaceId, new Date(clock.now()));
    const sandbox = { name: 'Sandbox', channel: 'sandbox' } as const;
    const account = await createAccount(tx, workspaceId, sandbox, { absenceOf, runHook });
    return () => introduce([account]);
  };

/** The address of the app in letters and links. */
export const appUrl = ({ publicUrl, port }: Pick<Config, 'publicUrl' | 'port'>): string =>
  publicUrl ?? `http://localhost:${port}`;

/** The mailer; undefined without SMTP. */
export const mailerOf = part(async ({ context: { config, log } }: Process) =>
  config.smtp ? (await import('../../adapters/mail/index.ts')).smtpMailer(config.smtp, log) : undefined,
);
