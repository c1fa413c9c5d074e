// One POST of JSON and its whole answer, straight on the dispatcher: a client library's stream and signal cost as much again.
import type { Agent, Dispatcher } from 'undici';
import { largestAnswer, timedOut } from './call.ts';

export interface Posting {
  agent: Agent;
  origin: string;
  /** With the query, where there is one. */
  path: string;
  /** Names and values by turns. */
  headers: string[];
  body: string;
  deadlineMs: number;
}

export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Undefined where it is larger than `largestAnswer`; the rest of it is not read. */
  body: Buffer | undefined;
}

/**
 * Posts once: no redirect is followed and nothing is repeated. @throws (as a rejection) what undici tells of the connection,
 * or a TimeoutError where the whole answer is not there by the deadline
 */
export const exchange = (posting: Posting): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const { agent, origin, path, headers, body, deadlineMs } = posting;
    const handler = new Handler(resolve, reject, deadlineMs);
    // What is wrong with the request itself comes to the handler too.
    agent.dispatch({ origin, path, method: 'POST', headers, body }, handler);
  });

class Handler implements Dispatcher.DispatchHandler {
  private readonly timer: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | undefined;
  private late: Error | undefined;
  private status = 0;
  private headers: RawAnswer['headers'] = {};
  private readonly chunks: Buffer[] = [];
  private size = 0;

  constructor(
    private readonly resolve: (answer: RawAnswer) => void,
    private readonly reject: (error: Error) => void,
    deadlineMs: number,
  ) {
    this.timer = setTimeout(() => this.end(), deadlineMs).unref();
  }

  /** The deadline. A call that waits for its connection ends as that is made, or as making it fails: only then is it known. */
  private end(): void {
    this.late = timedOut();
    this.controller?.abort(this.late);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.late) controller.abort(this.late);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: RawAnswer['headers']): void {
    // Before the answer itself there may be words about it, such as 103.
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size <= largestAnswer) {
      this.chunks.push(chunk);
      return;
    }
    this.settle(undefined);
    controller.abort(new Error('the answer is too large'));
  }

  onResponseEnd(): void {
    const [first] = this.chunks;
    this.settle(this.chunks.length === 1 ? first : Buffer.concat(this.chunks));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.timer);
    this.reject(error);
  }

  private settle(body: Buffer | undefined): void {
    clearTimeout(this.timer);
    this.resolve({ status: this.status, headers: this.headers, body });
  }
}
