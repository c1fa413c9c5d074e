// Waits until messages reach a status: over one stream of events for all waits of a client.
import { RecadoError, ResyncRequiredError } from './errors.ts';
import { Messages } from './generated/routes.ts';
import type { Message, StreamEventsQuery } from './generated/types.ts';
import { streamEvents } from './stream.ts';

/** The statuses of a message on its way, in order. */
const order = ['sent', 'delivered', 'read', 'played'] as const;

export type WaitStatus = (typeof order)[number];

/** After these nothing follows. */
const ends = ['failed', 'cancelled', 'expired'] as const;

type End = (typeof ends)[number];

export interface WaitOptions {
  /** Milliseconds until the wait fails with `wait_timeout`. Default: 60 seconds. */
  timeout?: number | undefined;
  /** Ends the wait. */
  signal?: AbortSignal | undefined;
}

/**
 * A message did not reach the status: `message_failed`, `message_cancelled`, `message_expired`, `wait_timeout`, or
 * `message_inbound` for one that a person sent to you.
 */
export class WaitError extends RecadoError {
  /** The message as it was seen last. Undefined where it was not seen yet. */
  readonly current: Message | undefined;

  constructor(code: `message_${End | 'inbound'}` | 'wait_timeout', text: string, current: Message | undefined) {
    super(code, text);
    this.current = current;
  }
}

const defaultTimeout = 60_000;
const path = '/api/v1/events/stream';
/** The events that may bring a message to one of these statuses. */
const filter: StreamEventsQuery = {
  types: [
    'message.sent',
    'message.delivered',
    'message.read',
    'message.played',
    'message.failed',
    'message.cancelled',
    'message.expired',
    'message.resolved',
    'message.reconciled',
  ],
};

interface Wait {
  id: string;
  status: WaitStatus;
  /** Aborted once the wait is over. */
  over: AbortController;
  current: Message | undefined;
  resolve: (message: Message) => void;
  reject: (error: unknown) => void;
}

/** The methods for messages, and a wait for what becomes of one. */
export class WaitingMessages extends Messages {
  readonly #waits = new Set<Wait>();
  /** Ends the stream, while there is one. */
  #stop: AbortController | undefined;

  /**
   * Waits until a message has reached a status or a later one, and returns the message. A status that it has already
   * counts at once. All waits of a client share one stream of events, which resumes after each loss.
   * @throws WaitError if the message cannot reach the status any more, or not in time
   * @example
   * const message = await recado.messages.send(body);
   * await recado.messages.waitFor(message.id, 'read', { timeout: 600_000 });
   */
  waitFor(id: string, status: WaitStatus, options: WaitOptions = {}): Promise<Message> {
    const { timeout = defaultTimeout, signal } = options;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const over = new AbortController();
      const end = () => {
        over.abort();
        cancel();
        signal?.removeEventListener('abort', abort);
        this.#waits.delete(wait);
        if (this.#waits.size === 0) this.#close();
      };
      const wait: Wait = {
        id,
        status,
        over,
        current: undefined,
        resolve(message) {
          end();
          resolve(message);
        },
        reject(error) {
          end();
          reject(error);
        },
      };
      const abort = () => wait.reject(signal?.reason);
      const cancel = this.transport.timers.after(timeout, () => wait.reject(late(wait, timeout)));
      signal?.addEventListener('abort', abort, { once: true });
      this.#waits.add(wait);
      void this.#look(wait).then(() => this.#waits.has(wait) && this.#open());
    });
  }

  /** Reads the message of a wait as it is now. */
  async #look(wait: Wait): Promise<void> {
    try {
      see(wait, await this.get(wait.id, { signal: wait.over.signal, retries: Number.POSITIVE_INFINITY }));
    } catch (error) {
      if (!wait.over.signal.aborted) wait.reject(error);
    }
  }

  #open(): void {
    if (this.#stop) return;
    this.#stop = new AbortController();
    void this.#follow(this.#stop.signal);
  }

  #close(): void {
    this.#stop?.abort();
    this.#stop = undefined;
  }

  async #follow(signal: AbortSignal): Promise<void> {
    // What happened before a connection is in no event of it.
    const lookAtAll = () => {
      for (const wait of this.#waits) void this.#look(wait);
    };
    while (!signal.aborted)
      try {
        const options = { signal, onConnect: lookAtAll, onAccessChange: lookAtAll };
        for await (const { data } of streamEvents(this.transport, path, filter, options)) {
          if (!('message' in data)) continue;
          const { message } = data;
          for (const wait of this.#waits) if (wait.id === message.id) see(wait, message);
        }
      } catch (error) {
        // Begins anew, and looks at all.
        if (signal.aborted || error instanceof ResyncRequiredError) continue;
        for (const wait of [...this.#waits]) wait.reject(error);
      }
  }
}

/** Ends a wait if its message has reached the status, or cannot reach it any more. */
function see(wait: Wait, message: Message): void {
  if (wait.over.signal.aborted) return;
  wait.current = message;
  const { status, direction, error } = message;
  const end = ends.find(each => each === status);
  if (direction === 'inbound')
    wait.reject(new WaitError('message_inbound', 'A person sent this message to you. It has no such status.', message));
  else if (order.indexOf(status as WaitStatus) >= order.indexOf(wait.status)) wait.resolve(message);
  else if (end) {
    const reason = error ? ` ${error.title}` : '';
    wait.reject(new WaitError(`message_${end}`, `The message is ${end}.${reason}`, message));
  }
}

function late({ status, current }: Wait, timeout: number): WaitError {
  const seen = current ? `The message is ${current.status}` : 'The message was not seen';
  return new WaitError('wait_timeout', `${seen} after ${timeout} ms, and not ${status}.`, current);
}
