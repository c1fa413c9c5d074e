// Signs of life of a connection, told at most once in ten seconds.
import type { EventEmitter } from 'node:events';
import type { BinaryNode } from 'baileys';
import type { SessionNotice } from '../../protocol.ts';
import { isPublication } from './stanza.ts';

const quietMs = 10_000;

/** Tells the gateway of traffic. The result tells of a message that went out. */
export const watchTraffic = (ws: EventEmitter, notify: (notice: SessionNotice) => void): (() => void) => {
  const last = { message: 0, other: 0 };
  const tell = (kind: keyof typeof last): void => {
    const now = Date.now();
    if (now - last[kind] < quietMs) return;
    last[kind] = now;
    notify({ kind: 'traffic', isMessage: kind === 'message' });
  };
  ws.on('frame', () => tell('other'));
  ws.on('CB:message', (node: BinaryNode) => {
    if (!isPublication(node.attrs.from)) tell('message');
  });
  return () => tell('message');
};
