// The baseline's worker runs several jobs at once: each reads its row, calls the channel and updates the row.
import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type pg from 'pg';
import { Agent, request } from 'undici';

interface Row {
  address: string;
  type: string;
  content: unknown;
  phone_number_id: string;
}

/** Starts the worker; it runs until closed. */
export function baselineWorker(pool: pg.Pool, connection: Redis, channelUrl: string, concurrency: number): Worker {
  const agent = new Agent({ connections: 100, pipelining: 1 });
  const work = async (job: Job<{ id: string }>) => {
    const { rows } = await pool.query<Row>({
      name: 'read',
      text: `select m.address, m.type, m.content, a.phone_number_id from message m join account a on a.id = m.account_id
        where m.id = $1`,
      values: [job.data.id],
    });
    const [row] = rows;
    if (!row) throw new Error(`there is no message ${job.data.id}`);
    const answer = await request(`${channelUrl}/${row.phone_number_id}/messages`, {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        to: row.address,
        type: row.type,
        [row.type]: row.content,
      }),
    });
    const body = (await answer.body.json()) as { messages?: { id: string }[] };
    if (answer.statusCode !== 200) throw new Error(`the channel answered with ${answer.statusCode}`);
    await pool.query({
      name: 'update',
      text: `update message set status = 'sent', channel_message_id = $2, sent_at = now() where id = $1`,
      values: [job.data.id, body.messages?.[0]?.id],
    });
  };
  const worker = new Worker('send', work, { connection, concurrency });
  worker.on('closed', () => void agent.close());
  return worker;
}
