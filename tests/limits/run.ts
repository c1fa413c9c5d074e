// One run: starts the real program, creates the accounts, loads them, and reads what was sent.
import { join } from 'node:path';
import pg from 'pg';
import { type Program, prepareProgram } from '../faults/program.ts';
import { randomFrom } from '../faults/random.ts';
import { followLedger } from './ledger-tail.ts';
import { fill, type Sender, senderOf } from './load.ts';
import { noonZone, type Plan, plansFor } from './plans.ts';
import { type Findings, judge } from './verdict.ts';

export interface Order {
  seconds: number;
  accounts: number;
  seed: number;
}

/** Settles when the program has ended and its folder is removed. */
export async function play(order: Order): Promise<Findings> {
  const random = randomFrom(order.seed);
  const plans = plansFor(order.accounts, order.seconds, random);
  const program = await prepareProgram();
  try {
    await program.start();
    const senders: Sender[] = [];
    for (const [place, plan] of plans.entries()) senders.push(await makeAccount(program, plan, place));
    const ledger = followLedger(join(program.dataDir, 'simulator', 'ledger.jsonl'));
    const end = Date.now() + order.seconds * 1_000;
    const complaints = await fill(senders, program.client, ledger, random, end);
    return judge(senders, await claimsOf(program), complaints, end);
  } finally {
    await program.close();
  }
}

async function makeAccount(program: Program, plan: Plan, place: number): Promise<Sender> {
  const { status, body } = await program.call('POST', '/api/v1/accounts', {
    name: `${plan.kind} ${place}`,
    channel: 'sandbox',
    time_zone: noonZone(new Date()),
    limits: plan.limits,
  });
  if (status !== 201) throw new Error(`an account was answered with ${status} ${JSON.stringify(body)}`);
  return senderOf(plan, place, body.id, body.phone_number_id);
}

/** The tokens of all claims: each call in the ledger needs its own. */
async function claimsOf(program: Program): Promise<Set<string>> {
  const client = new pg.Client({
    host: join(program.dataDir, 'postgres-socket'),
    user: 'recado',
    database: 'recado',
  });
  await client.connect();
  try {
    const { rows } = await client.query<{ token: string }>('select token from recado.attempt');
    return new Set(rows.map(row => row.token));
  } finally {
    await client.end();
  }
}
