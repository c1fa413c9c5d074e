// The sessions of linked phones in this process, as the channels see them before anybody keeps them.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeptSessions } from '../features/links/index.ts';
import { makeProcessFolder } from '../kit/os/process-folder.ts';
import type { CallResult, LiveSessions } from '../ports/gateway.ts';
import type { AppContext } from './context.ts';

const notOpen: CallResult<never> = { ok: false, code: 'not_open', message: 'The gateway does not run yet.' };

/** The sessions of this process: there before they are kept, because channels need them first. */
export interface GatewaySessions extends LiveSessions {
  /** Where files pass to and from the session processes. */
  folder: string;
  keep(kept: Pick<KeptSessions, 'isOpen' | 'call'> | undefined): void;
  /** Stops what keeps them. */
  stop(): Promise<void>;
  onStop(stop: () => Promise<void>): void;
}

/** Whether this process has the gateway role, and WhatsApp Web is on. */
export const isGateway = ({ config }: AppContext): boolean =>
  config.roles.includes('gateway') && config.whatsAppWeb !== undefined;

/** Prepares the sessions of this process; undefined if it is no gateway. */
export async function openSessions(context: AppContext): Promise<GatewaySessions | undefined> {
  if (!isGateway(context)) return undefined;
  const folder = await makeProcessFolder(join(context.config.dataDir, 'sessions'));
  let kept: Pick<KeptSessions, 'isOpen' | 'call'> | undefined;
  const stops: (() => Promise<void>)[] = [];
  return {
    folder,
    keep: given => {
      kept = given;
    },
    isOpen: accountId => kept?.isOpen(accountId) ?? false,
    call: async (accountId, name, args) => kept?.call(accountId, name, args) ?? notOpen,
    onStop: stop => void stops.push(stop),
    async stop() {
      for (const stop of stops.splice(0)) await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
