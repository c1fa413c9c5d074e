// A bare connection to a server, for what no HTTP client would send.
import { once } from 'node:events';
import { connect } from 'node:net';

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
