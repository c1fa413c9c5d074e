// A thread that sends one request many times over several connections, without waiting for the answers between. In a
// thread, its own work takes nothing from the server in the main one. It posts the status of each answer.
import { once } from 'node:events';
import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const { port, request, connections, times } = workerData;
const bytes = Buffer.from(request.repeat(times), 'latin1');

async function flood() {
  const statuses = [];
  let rest = '';
  const socket = connect(port, '127.0.0.1').setNoDelay();
  socket.setEncoding('latin1').on('data', piece => {
    const text = rest + piece;
    const found = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)];
    statuses.push(...found.map(([, status]) => status));
    const last = found.at(-1);
    rest = text.slice(Math.max(last ? last.index + last[0].length : 0, text.length - 12));
    if (statuses.length >= times) socket.destroy();
  });
  // The server may close a connection whose body it rejects.
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  socket.write(bytes);
  await closed;
  return statuses;
}

parentPort.postMessage((await Promise.all(Array.from({ length: connections }, flood))).flat());
