// The entry of the session process. A gateway forks it and speaks protocol.ts with it over Node's IPC channel.

// The order matters: nothing of a dependency may run before the console is silent.
import { connect } from './baileys/connection.ts';
import { isConnectionError } from './baileys/errors.ts';
import { createLog } from './log.ts';
import type { FromProcess, ToProcess } from './protocol.ts';
import { writeLine } from './quiet.ts';
import { createSessions } from './sessions.ts';

const log = createLog(writeLine);

// Certificates are always checked, whatever the environment of the gateway says.
delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;

const end = (message: string, error: unknown): never => {
  log('error', message, { error });
  process.exit(1);
};

const send = (message: FromProcess): void => {
  // While the channel closes a message cannot leave, and `disconnect` ends the process.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
};

process.on('disconnect', () => process.exit(0));
process.on('uncaughtException', error => end('An unexpected error ended the process', error));
process.on('unhandledRejection', reason => {
  // The library lets promises fail, and not only when a connection closes in the middle: that ends one session, not all.
  if (isConnectionError(reason)) log('warn', 'The connection closed in the middle of something', { error: reason });
  else sessions.blame(reason);
});

if (!process.send) end('This process is started by a gateway', 'there is no IPC channel');

const sessions = createSessions({ driver: connect, send, log });
process.on('message', message => sessions.receive(message as ToProcess));
send({ kind: 'ready' });
