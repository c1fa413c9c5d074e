// One JSON POST directly on the dispatcher. A client library's streams and signals would double the CPU cost.
import type { Agent, Dispatcher } from 'undici';
import { largestAnswer, timedOut } from './call.ts';

export interface Posting {
  agent: Agent;
  origin: string;
  /** Includes the query. */
  path: string;
  /** Names and values in turn. */
  headers: string[];
  body: string;
  deadlineMs: number;
}

export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Undefined if larger than `largestAnswer`; we do not read the rest. */
  body: Buffer | undefined;
}

/**
 * Posts once: follows no redirect and retries nothing.
 * @throws (rejects) undici's connection error, or TimeoutError if the response is not complete by the deadline
 */
export const exchange = (posting: Posting): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const { agent, origin, path, headers, body, deadlineMs } = posting;
    const handler = new Handler(resolve, reject, deadlineMs);
    // undici reports an invalid request to the handler too.
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

  /**
   * At the deadline. A call that still connects ends when the connect succeeds or fails: only then is its outcome
   * known.
   */
  private end(): void {
    this.late = timedOut();
    this.controller?.abort(this.late);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.late) controller.abort(this.late);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: RawAnswer['headers']): void {
    // Informational responses, such as 103, may come first.
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
    controller.abort(new Error('the response is too large'));
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
