// Why the server ends a connection, in words for its client.
import type { CloseCode } from '@recado/contract';

const details: Record<CloseCode, string> = {
  unauthorized: 'The credentials are no longer valid, or are now of another workspace. Log in and connect again.',
  slow_client: 'The client took events too slowly. Connect again after the last event that you have.',
  too_many_messages: 'The client sent too many messages. Send less, then connect again.',
  unavailable: 'Events cannot be read at the moment. Connect again after the last event that you have.',
  server_stopping: 'The server is stopping. Connect again after the last event that you have.',
};

export const closing = (code: CloseCode) => ({ code, detail: details[code] });

/** Whether a client can connect again as it is. */
export const mayReturn = (code: CloseCode): boolean => code !== 'unauthorized' && code !== 'too_many_messages';

/** How long a client may take to read why it is closed, in milliseconds. */
export const lingerMs = 10_000;
