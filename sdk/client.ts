// The client: all groups of methods, for one Recado and one caller.
import { Routes } from './generated/routes.ts';
import { type RecadoOptions, realTimers, type Timers, Transport } from './transport.ts';
import { WaitingMessages } from './wait.ts';

/**
 * A client of one Recado.
 * @example
 * const recado = new Recado({ url: 'https://recado.example.com', token: key });
 * await recado.messages.send({ account_id, to: '+12025550123', type: 'text', text: { body: 'Hello!' } });
 */
export class Recado extends Routes {
  override readonly messages: WaitingMessages;

  /** @param timers for tests: the clock and the chance of waits */
  constructor(options: RecadoOptions, timers: Timers = realTimers) {
    const transport = new Transport(options, timers);
    super(transport);
    this.messages = new WaitingMessages(transport);
  }
}
