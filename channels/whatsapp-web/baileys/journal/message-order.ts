// The order of messages: one after the other. Messages from the time while we were away come first.
// The library works off offline messages beside the live stream, so that the two would mix.
import type { EventEmitter } from 'node:events';
import type { BinaryNode } from 'baileys';

interface OrderParts {
  ws: EventEmitter & { isOpen: boolean };
  /** How long live messages wait after the last one that came offline, if WhatsApp does not say that it was the last. */
  longestMs?: number;
}

export interface MessageOrder {
  /** Whether a message came with what was written while we were away. The library no longer knows. */
  wasOffline(id: string): boolean;
  /** Ends the waiting. */
  end(): void;
}

const longestWaitMs = 5_000;

/** The library works off a message without this mark at once, and its promise tells when it is done. */
const withoutMark = (node: BinaryNode): BinaryNode => {
  const { offline: _, ...attrs } = node.attrs;
  return { ...node, attrs };
};

/** Hands messages to the handlers of the library in WhatsApp's order. It must come before other handlers are added. */
export const keepOrder = ({ ws, longestMs = longestWaitMs }: OrderParts): MessageOrder => {
  const handlers = ws.listeners('CB:message') as ((node: BinaryNode) => Promise<void>)[];
  const offline: BinaryNode[] = [];
  const live: BinaryNode[] = [];
  const offlineIds = new Set<string>();
  let hasAll = false;
  let isRunning = false;
  let timer: NodeJS.Timeout | undefined;

  const next = (): BinaryNode | undefined => offline.shift() ?? (hasAll ? live.shift() : undefined);

  const run = async (): Promise<void> => {
    if (isRunning) return;
    isRunning = true;
    try {
      // WhatsApp sends the messages again that a closed connection does not work off.
      for (let node = next(); node && ws.isOpen; node = next()) {
        for (const handle of handlers) await handle.call(ws, withoutMark(node));
      }
    } finally {
      isRunning = false;
    }
  };
  const begin = (): void => {
    clearTimeout(timer);
    hasAll = true;
    void run();
  };
  const waitOn = (): void => {
    if (hasAll) return;
    clearTimeout(timer);
    timer = setTimeout(begin, longestMs);
  };

  ws.removeAllListeners('CB:message');
  ws.on('CB:message', (node: BinaryNode) => {
    if (node.attrs.offline === undefined) live.push(node);
    else {
      offline.push(node);
      offlineIds.add(node.attrs.id ?? '');
      waitOn();
    }
    void run();
  });
  ws.on('CB:success', waitOn);
  ws.on('CB:ib,,offline', begin);

  return { wasOffline: id => offlineIds.has(id), end: () => clearTimeout(timer) };
};
