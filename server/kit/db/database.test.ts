import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { isBusy, isUnanswered, isUnavailable, patiently, reasonToWait } from './database.ts';

/** Fails this many times with this code before it succeeds. */
function failing(times: number, code: string) {
  let calls = 0;
  const work = async () => {
    if (++calls <= times) throw Object.assign(new Error('no'), { code });
    return 'done';
  };
  return { work, calls: () => calls };
}

/** Records pauses instead of waiting. */
function noting() {
  const pauses: number[] = [];
  const pause = async (ms: number) => {
    pauses.push(ms);
  };
  return { pauses, pause };
}

test('a deadlock is repeated after pauses that grow, five times in all', async () => {
  const { pauses, pause } = noting();
  expect(await patiently(failing(4, '40P01').work, pause)).toBe('done');
  expect(pauses).toEqual([20, 40, 80, 160]);
  const lasting = failing(9, '40001');
  await expect(patiently(lasting.work, pause)).rejects.toMatchObject({ code: '40001' });
  expect(lasting.calls()).toBe(5);
});

test('nothing else is repeated', async () => {
  const { pauses, pause } = noting();
  const other = failing(1, '23505');
  await expect(patiently(other.work, pause)).rejects.toMatchObject({ code: '23505' });
  expect([other.calls(), pauses]).toEqual([1, []]);
});

test('a connection that was lost before a statement was written is unavailable, and its statement did not run', () => {
  const lost = Object.assign(new Error('Cannot call write after a stream was destroyed'), {
    code: 'ERR_STREAM_DESTROYED',
  });
  expect([isUnavailable(lost), isUnanswered(lost)]).toEqual([true, false]);
});

/** A server of PostgreSQL's protocol that lets a client in (AuthenticationOk, ReadyForQuery), or says nothing. */
async function standIn(answers: boolean): Promise<number> {
  const server = createServer(socket => {
    socket.on('error', () => {});
    if (answers) socket.once('data', () => socket.write(Buffer.from('R\0\0\0\u0008\0\0\0\0Z\0\0\0\u0005I')));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const poolOf = (port: number) => {
  const pool = new pg.Pool({ host: '127.0.0.1', port, user: 'x', ssl: false, max: 1, connectionTimeoutMillis: 50 });
  pool.on('error', () => {});
  return pool;
};

test('a pool whose connections are all lent is busy; a server that is silent is not', async () => {
  const full = poolOf(await standIn(true));
  const lent = await full.connect();
  const busy: unknown = await full.connect().catch(error => error);
  expect([isBusy(busy), reasonToWait(busy)]).toEqual([true, 'All connections to the database are in use.']);
  lent.release(true);
  const silent: unknown = await poolOf(await standIn(false))
    .connect()
    .catch(error => error);
  expect([isBusy(silent), reasonToWait(silent)]).toEqual([false, 'The database cannot be reached.']);
});
