// The sessions of this process: takes the messages of the gateway and answers them.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Connection, ConnectionOptions, Driver, Gateway } from './driver.ts';
import { type Log, logOf } from './log.ts';
import type { FromProcess, OpenSession, ProcessSettings, SessionCalls, ToProcess } from './protocol.ts';
import { errorText } from './redact.ts';
import { checkUrl } from './url.ts';

interface Waiting {
  session: string;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

interface Parts {
  driver: Driver;
  send(message: FromProcess): void;
  log: Log;
}

/** An error that the gateway answered with, such as `fenced`. */
class GatewayError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface Sessions {
  /** Takes each message of the gateway. */
  receive(message: ToProcess): void;
  /** Ends the connection that let a promise fail. It must be called where the runtime tells of the failure. */
  blame(error: unknown): void;
}

/** The sessions of a process. */
export const createSessions = ({ driver, send, log }: Parts): Sessions => {
  /** Everything that a connection does runs in its context, so that its errors are known to be its own. */
  const owners = new AsyncLocalStorage<{ session: string; epoch: number }>();
  let settings: ProcessSettings | undefined;
  let nextId = 1;
  const waiting = new Map<number, Waiting>();
  const connections = new Map<string, { epoch: number; connection: Connection }>();

  const gatewayOf = ({ session, epoch }: OpenSession): Gateway => ({
    request: (request, args) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        // The protocol binds the type of the result to the name of the request.
        waiting.set(id, { session, resolve: resolve as Waiting['resolve'], reject });
        send({ kind: 'request', id, session, epoch, request, args });
      }),
  });

  const open = (asked: OpenSession): void => {
    if (!settings) throw new Error('The first message must be the settings.');
    const { session, epoch } = asked;
    connections.get(session)?.connection.close({ logout: false });
    const options: ConnectionOptions = {
      settings,
      open: asked,
      gateway: gatewayOf(asked),
      log: logOf(log, session),
      notify: notice => {
        if (notice.kind === 'closed' && connections.get(session)?.epoch === epoch) connections.delete(session);
        send({ kind: 'notice', session, epoch, notice });
      },
    };
    const connection = owners.run({ session, epoch }, () => driver(options));
    connections.set(session, { epoch, connection });
  };

  const find = (session: string, epoch: number): Connection | undefined => {
    const found = connections.get(session);
    return found?.epoch === epoch ? found.connection : undefined;
  };

  const call = (message: ToProcess & { kind: 'call' }): void => {
    const { id, session, epoch } = message;
    // The gateway checked the arguments against the types of the protocol that both sides share.
    const args = message.args as SessionCalls[typeof message.call]['args'];
    const running = owners.run({ session, epoch }, () => find(session, epoch)?.call(message.call, args));
    if (!running) {
      send({ kind: 'result', id, ok: false, code: 'not_open', message: 'The session is not open.' });
      return;
    }
    running.then(
      result => send({ kind: 'result', id, ok: true, result }),
      error => {
        log('error', 'A call failed in an unexpected way', { session, error });
        send({ kind: 'result', id, ok: false, code: 'unexpected', message: errorText(error) });
      },
    );
  };

  const answer = (message: ToProcess & { kind: 'answer' }): void => {
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.ok) asked?.resolve(message.result);
    else asked?.reject(new GatewayError(message.code, message.message));
  };

  return {
    receive(message) {
      if (message.kind === 'settings') {
        checkUrl(message.settings.url);
        settings = message.settings;
      } else if (message.kind === 'open') open(message.open);
      else if (message.kind === 'close') {
        const { session, epoch, logout } = message;
        owners.run({ session, epoch }, () => find(session, epoch)?.close({ logout }));
      } else if (message.kind === 'call') call(message);
      else answer(message);
    },
    blame(error) {
      const owner = owners.getStore();
      log('error', 'A promise failed, and nobody handled it', { session: owner?.session, error });
      if (owner) find(owner.session, owner.epoch)?.fail('An unexpected error ended the connection');
    },
  };
};
