// A shim for baileys 7.0.0-rc14: it answers a notice of changed groups by asking for all groups of the number, and does
// not catch a refusal. Recado needs no list of groups. Remove it once the library catches the refusal.
import type { EventEmitter } from 'node:events';
import { type BinaryNode, getBinaryNodeChild } from 'baileys';

export interface DirtySocket {
  ws: EventEmitter;
  ev: { emit(event: 'creds.update', update: { lastAccountSyncTimestamp: number }): boolean };
  authState: { creds: { lastAccountSyncTimestamp?: number | undefined } };
  cleanDirtyBits(type: 'account_sync' | 'groups', fromTimestamp?: number): Promise<void>;
}

const notice = 'CB:ib,,dirty';

/** Confirms the notices of changes on other devices, instead of the handlers of the library. */
export const confirmDirtyBits = (sock: DirtySocket): void => {
  const clean = (...args: Parameters<DirtySocket['cleanDirtyBits']>): void => {
    // If the connection closes meanwhile, the notice comes again at the next login.
    sock.cleanDirtyBits(...args).catch(() => undefined);
  };
  sock.ws.removeAllListeners(notice);
  sock.ws.on(notice, (node: BinaryNode) => {
    const { type, timestamp } = getBinaryNodeChild(node, 'dirty')?.attrs ?? {};
    if (type === 'groups' || type === 'communities') clean('groups');
    else if (type === 'account_sync' && timestamp) {
      const { lastAccountSyncTimestamp } = sock.authState.creds;
      if (lastAccountSyncTimestamp) clean('account_sync', lastAccountSyncTimestamp);
      sock.ev.emit('creds.update', { lastAccountSyncTimestamp: Number(timestamp) });
    }
  });
};
