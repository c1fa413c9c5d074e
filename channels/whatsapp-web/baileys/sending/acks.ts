// WhatsApp's own acknowledgements of our messages: only they say that a message was accepted.
import type { EventEmitter } from 'node:events';
import type { BinaryNode } from 'baileys';

export interface Ack {
  id: string;
  /** The chat. */
  from: string;
  /** The code of a refusal, such as 463. */
  error: string | undefined;
}

/** Undefined: no ack came in time, or the connection closed. */
type Awaited = Ack | undefined;

export interface Acks {
  /** Waits for the ack of a message. Begin before it is sent: an ack can come before the sending returns. */
  expect(id: string): { within(ms: number): Promise<Awaited>; forget(): void };
  /** Nobody gets an ack any more. */
  close(): void;
}

/** Watches the acks of a socket. An ack that nobody waits for, such as a late one, goes to `onOther`. */
export const watchAcks = (ws: EventEmitter, onOther: (ack: Ack) => void): Acks => {
  const waiting = new Map<string, (ack: Awaited) => void>();
  ws.on('CB:ack,class:message', ({ attrs }: BinaryNode) => {
    const ack = { id: attrs.id ?? '', from: attrs.from ?? '', error: attrs.error };
    const resolve = waiting.get(ack.id);
    waiting.delete(ack.id);
    if (resolve) resolve(ack);
    else onOther(ack);
  });
  return {
    expect(id) {
      const answer = new Promise<Awaited>(resolve => waiting.set(id, resolve));
      const forget = (): void => {
        waiting.get(id)?.(undefined);
        waiting.delete(id);
      };
      return {
        forget,
        async within(ms) {
          const timer = setTimeout(forget, ms);
          try {
            return await answer;
          } finally {
            clearTimeout(timer);
          }
        },
      };
    },
    close() {
      for (const resolve of waiting.values()) resolve(undefined);
      waiting.clear();
    },
  };
};
