// A shim for baileys 7.0.0-rc14: acknowledges status posts. Without it the connection stops receiving after a while.
// Remove it once the library handles the stanza `status`, and acknowledges ignored posts without an error.

import type { EventEmitter } from 'node:events';
import { type BinaryNode, buildAckStanza } from 'baileys';
import { isPublication } from '../receiving/stanza.ts';

export interface StatusSocket {
  ws: EventEmitter;
  sendNode(node: BinaryNode): Promise<void>;
}

/**
 * Acknowledges status posts and channel posts, and keeps them from the library.
 * The library would decrypt them, and answer with an error where it cannot: one such error in the queue of what
 * came while we were away holds up the whole queue. Its own `shouldIgnoreJid` answers with an error too.
 */
export const acknowledgeStatus = ({ ws, sendNode }: StatusSocket): void => {
  const acknowledge = (node: BinaryNode): void => {
    // If the connection closes meanwhile, the post comes again.
    sendNode(buildAckStanza(node)).catch(() => undefined);
  };
  ws.on('CB:status', acknowledge);
  const handlers = ws.listeners('CB:message');
  ws.removeAllListeners('CB:message');
  ws.on('CB:message', (node: BinaryNode) => {
    if (isPublication(node.attrs.from)) acknowledge(node);
    else for (const handle of handlers) handle.call(ws, node);
  });
};
