// Receipts of our messages: stored before the library acknowledges them, because WhatsApp then forgets them.
import type { EventEmitter } from 'node:events';
import {
  areJidsSameUser,
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  jidNormalizedUser,
} from 'baileys';
import type { Gateway } from '../../driver.ts';
import type { WebReceiptItem } from '../../protocol.ts';
import type { Me } from '../person.ts';
import { isPublication } from './stanza.ts';

/** The other types are not about what a person did, such as `retry`, or are of our own devices. */
const statuses: Record<string, WebReceiptItem['status']> = { delivered: 'delivered', read: 'read', played: 'played' };

/** The most receipts in one delivery. */
const maxTogether = 100;

/** The items of a receipt stanza. None for those that are not about messages of ours. */
export const receiptItems = ({ attrs, content }: BinaryNode, me: Me): WebReceiptItem[] => {
  const { id, from = '', participant, recipient, type = 'delivered', t } = attrs;
  const status = statuses[type];
  const isOurs = [me.id, me.lid].some(own => areJidsSameUser(participant ?? from, own));
  // With a recipient it is about what others wrote to us.
  if (!id || !status || recipient || isOurs || isPublication(from)) return [];
  const list = Array.isArray(content) ? getBinaryNodeChild({ tag: 'receipt', attrs, content }, 'list') : undefined;
  const ids = [id, ...getBinaryNodeChildren(list, 'item').map(item => item.attrs.id)];
  const isGroup = from.endsWith('@g.us');
  return ids.flatMap(each =>
    each
      ? [
          {
            kind: 'receipt',
            key: { id: each, remoteJid: isGroup ? from : jidNormalizedUser(from), fromMe: true },
            status,
            participant: isGroup && participant ? jidNormalizedUser(participant) : undefined,
            at: Number(t ?? Math.floor(Date.now() / 1000)),
            code: undefined,
          } satisfies WebReceiptItem,
        ]
      : [],
  );
};

interface ReceiptParts {
  ws: EventEmitter;
  gateway: Gateway;
  me(): Me;
  /** The gateway could not store: nothing may be acknowledged any more. */
  fail(error: unknown): void;
}

/** Holds each receipt back from the library until it is stored. Receipts that come meanwhile are stored together. */
export const storeReceipts = ({ ws, gateway, me, fail }: ReceiptParts): void => {
  const emit = ws.emit.bind(ws);
  const waiting: { items: WebReceiptItem[]; node: BinaryNode }[] = [];
  let isRunning = false;

  const run = async (): Promise<void> => {
    isRunning = true;
    try {
      while (waiting.length > 0) {
        const together = waiting.splice(0, maxTogether);
        await gateway.request('deliver', { items: together.flatMap(({ items }) => items), settled: [] });
        for (const { node } of together) emit('CB:receipt', node);
      }
    } catch (error) {
      fail(error);
    } finally {
      isRunning = false;
    }
  };

  ws.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    const [node] = args as [BinaryNode];
    const items = event === 'CB:receipt' ? receiptItems(node, me()) : [];
    if (items.length === 0) return emit(event, ...args);
    waiting.push({ items, node });
    if (!isRunning) void run();
    return true;
  };
};
