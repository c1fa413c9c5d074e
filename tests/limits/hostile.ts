// `npm run limits -- hostile`: the waits of others during a hostile webhook, and the start of a killed program.
import { createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { deriveText } from '../../server/kit/crypto/secrets.ts';
import { until } from '../faults/processes.ts';
import { type Program, prepareProgram } from '../faults/program.ts';
import { tableOf, watchWaits } from './waits.ts';

const others = '/api/v1/messages?limit=20';

interface Case {
  list: 'entry' | 'changes' | 'messages' | 'statuses';
  name: string;
  piece: string;
  times: number;
}

const cases: Case[] = [
  ...(['entry', 'changes', 'messages', 'statuses'] as const).flatMap(list =>
    [1, 100, 10_000, 1_500_000].map(times => ({ list, name: list, piece: '1', times })),
  ),
  { list: 'entry', name: 'entry, empty', piece: '{}', times: 900_000 },
  { list: 'statuses', name: 'statuses of unknown messages', piece: '', times: 9_000 },
  { list: 'messages', name: 'messages of one person', piece: '', times: 6_000 },
];

const pieceOf = ({ list, piece }: Case, n: number, run: string): string => {
  if (piece !== '') return piece;
  const common = { id: `wamid.${run}.${n}`, timestamp: '1764000000' };
  return JSON.stringify(
    list === 'statuses'
      ? { ...common, status: 'delivered' }
      : { ...common, from: '33600000001', type: 'text', text: { body: 'x' } },
  );
};

function bodyOf(each: Case, numberId: string): string {
  const run = randomBytes(4).toString('hex');
  const pieces = Array.from({ length: each.times }, (_, n) => pieceOf(each, n, run)).join(',');
  if (each.list === 'entry') return `{"object":"whatsapp_business_account","entry":[${pieces}]}`;
  if (each.list === 'changes') return `{"entry":[{"id":"1","changes":[${pieces}]}]}`;
  const value = `{"metadata":{"display_phone_number":"1","phone_number_id":"${numberId}"},"${each.list}":[${pieces}]}`;
  return `{"entry":[{"id":"1","changes":[{"field":"messages","value":${value}}]}]}`;
}

/** Posts each body, then posts it again and kills the program. Returns the lines of the table. */
export async function playHostile(): Promise<string[]> {
  const secretKey = randomBytes(32).toString('base64');
  const appSecret = deriveText(secretKey, 'sandbox app secret');
  const program = await prepareProgram({ SECRET_KEY: secretKey });
  try {
    await program.start();
    const account = await program.call('POST', '/api/v1/accounts', { name: 'Hostile', channel: 'sandbox' });
    const numberId: string = account.body.phone_number_id;
    const usual = await restarted(program);
    const rows: (string | number)[][] = [];
    for (const each of cases) {
      const body = bodyOf(each, numberId);
      const post = () => posted(program, body, appSecret);
      const calm = watchWaits(program.client, others);
      await new Promise(resolve => setTimeout(resolve, 1_000));
      const before = await calm.end();
      const waits = watchWaits(program.client, others);
      const from = performance.now();
      await post();
      await applied(program);
      const ms = performance.now() - from;
      const { longest, failed } = await waits.end();
      await post();
      const ready = await restarted(program);
      await applied(program);
      rows.push([
        each.name,
        each.times,
        Math.round(body.length / 1_000),
        Math.round(before.longest),
        Math.round(longest),
        failed,
        Math.round(ms),
        (ready / 1_000).toFixed(1),
        await deadLetters(program),
      ]);
      console.log(rows.at(-1)?.join(' | '));
    }
    const head = [
      'pieces as',
      'pieces',
      'kB',
      'idle ms',
      'longest wait ms',
      'failed',
      'applied after ms',
      'ready after kill s',
    ];
    return [
      `usual start after a kill: ${(usual / 1_000).toFixed(1)} s`,
      ...tableOf([...head, 'dead letters of the last'], rows),
    ];
  } finally {
    await program.close();
  }
}

async function posted(program: Program, body: string, appSecret: string): Promise<void> {
  const answer = await fetch(`${program.url}/webhooks/whatsapp/sandbox`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hub-signature-256': `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`,
    },
    body,
  });
  if (answer.status !== 200) throw new Error(`the webhook was answered with ${answer.status} ${await answer.text()}`);
}

/** Kills the server at once and starts it again. Returns how long the start takes until it is ready, in milliseconds. */
async function restarted(program: Program): Promise<number> {
  await program.kill('group');
  const from = performance.now();
  await program.start();
  return performance.now() - from;
}

async function asked<Row extends object>(program: Program, text: string): Promise<Row[]> {
  const client = new pg.Client({
    host: join(program.dataDir, 'postgres-socket'),
    user: 'recado',
    database: 'recado',
    options: '-c search_path=recado',
  });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

const applied = (program: Program) =>
  until('every webhook is applied', 300, async () => {
    const open = await asked(program, 'select 1 from inbound_payload where processed_at is null limit 1');
    return open.length === 0 || undefined;
  });

async function deadLetters(program: Program): Promise<number> {
  const [row] = await asked<{ n: number }>(
    program,
    'select count(*)::int as n from dead_letter where payload_id = (select max(id) from inbound_payload)',
  );
  return row?.n ?? 0;
}
