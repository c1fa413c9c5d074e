// Bare connections to a server, for what no HTTP client would send, or not at such a pace.
import { once } from 'node:events';
import { request as open } from 'node:http';
import { connect } from 'node:net';
import type { Story } from './scenario.ts';

/** Where a story listens, whatever its public address is. */
export function portOf(of: Story): number {
  const address = of.recado.server?.server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** Sends these bytes over a new connection, and gives what came back by the time the server closed it. */
export async function sendBytes(url: string, ...pieces: (string | Buffer)[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.setEncoding('latin1').on('data', piece => {
    answer += piece;
  });
  // Who is cut off in the middle of sending may see a reset instead of an end.
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  for (const piece of pieces) socket.write(piece);
  await closed;
  return answer;
}

/** Sends the headers of a request with a body of JSON. Gives the function that sends the body, and tells the answer. */
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
