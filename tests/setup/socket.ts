// Raw connections to a server, for bytes and timing that no HTTP client produces.
import { once } from 'node:events';
import { request as open } from 'node:http';
import { connect } from 'node:net';
import type { Scenario } from './scenario.ts';

/** The scenario's port, whatever its public URL is. */
export function portOf(of: Scenario): number {
  const address = of.recado.server?.server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** Sends these bytes over a new connection, and returns what the server sent before it closed. */
export async function sendBytes(url: string, ...pieces: (string | Buffer)[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.setEncoding('latin1').on('data', piece => {
    answer += piece;
  });
  // A connection cut while sending may end with a reset.
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  for (const piece of pieces) socket.write(piece);
  await closed;
  return answer;
}

/**
 * Sends the headers of a request with a JSON body. Returns the function that sends the body and resolves with the
 * response.
 */
export function openRequest(url: string, method: string, token: string, body: object) {
  const text = JSON.stringify(body);
  const request = open(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    },
  });
  const answered = new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    request.on('error', reject).on('response', response => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', piece => {
          text += piece;
        })
        .on('end', () => resolve({ status: response.statusCode, text }));
    });
  });
  request.flushHeaders();
  return () => {
    request.end(text);
    return answered;
  };
}
