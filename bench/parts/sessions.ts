// Sessions: the memory of idle linked accounts in one gateway, and how soon they are back after a kill.
import { readdirSync, readFileSync } from 'node:fs';
import { startFakeWhatsApp } from '../../channels/whatsapp-web/tests/fake/index.ts';
import type { Json } from '../../tests/faults/client.ts';
import { pause, sendSignal, until } from '../../tests/faults/processes.ts';
import { type Program, prepareProgram } from '../../tests/faults/program.ts';
import { residentOf } from '../resident.ts';
import { aim, median, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const sessions = 200;
const restSeconds = 20;
const linkedAtOnce = 4;

export async function sessionsPart(order: Order): Promise<Section> {
  const fake = await startFakeWhatsApp();
  const program = await prepareProgram({
    WHATSAPP_WEB_URL: fake.url,
    WHATSAPP_WEB_SESSIONS_PER_PROCESS: String(sessions),
    NODE_EXTRA_CA_CERTS: fake.caFile,
  });
  try {
    await program.start();
    const server: number[] = [];
    const links: number[] = [];
    const accounts: string[] = [];
    const link = async () => {
      const number = accounts.length;
      accounts.push('');
      const id = await newAccount(program, number);
      accounts[number] = id;
      const began = performance.now();
      await scanCode(program, id, qr => fake.phone(`+3519300${String(10_000 + number)}`).scan(qr));
      links.push(performance.now() - began);
    };
    await link();
    await allConnected(1);
    await pause(restSeconds * 1_000);
    const [first] = [residentOf(sessionProcess(program))];
    server.push(residentOf(program.pid()));
    while (accounts.length < sessions)
      await Promise.all(Array.from({ length: Math.min(linkedAtOnce, sessions - accounts.length) }, link));
    await allConnected(sessions);
    order.tell(`sessions: ${sessions} are linked`);
    await pause(restSeconds * 1_000);
    const rest = Array.from({ length: 5 }, () => residentOf(sessionProcess(program)));
    server.push(residentOf(program.pid()));
    const each = (median(rest) - (first ?? 0)) / (sessions - 1);

    const processBack: number[] = [];
    const programBack: number[] = [];
    for (let round = 0; round < Math.min(order.rounds, 3); round++) {
      processBack.push(await backAfter(() => sendSignal(sessionProcess(program), 'SIGKILL')));
      programBack.push(
        await backAfter(async () => {
          await program.kill('everything');
          await program.start();
        }),
      );
      order.tell(
        `sessions, round ${round}: back after ${written(processBack.at(-1) ?? 0)} s and ${written(programBack.at(-1) ?? 0)} s`,
      );
    }
    return {
      title: 'sessions: linked accounts of WhatsApp Web in one gateway',
      how: `${sessions} accounts, linked by QR code to the fake WhatsApp of the tests on this machine, without history and without traffic. Resident memory of the session process with one session and with all, ${restSeconds} s after the last link. Then kill -9 of the session process, and of the program with its database: seconds until all ${sessions} are connected again; the second includes the start of the program.`,
      table: [
        ['', ''],
        ['session process with 1 session, MB', written(first ?? 0)],
        [`session process with ${sessions} sessions, MB`, written(median(rest))],
        ['server process with 1 session, MB', written(server[0] ?? 0)],
        [`server process with ${sessions} sessions, MB`, written(server[1] ?? 0)],
        ['from the request to the link, median ms', written(median(links))],
        ['all back after a kill of the session process, s', processBack.map(written).join(', ')],
        ['all back after a kill of the program, s', programBack.map(written).join(', ')],
      ],
      notes: [aim('memory of a session', each, 3, 'at most', ' MB')],
    };

    async function allConnected(count: number): Promise<void> {
      await until(
        `${count} accounts are connected`,
        300,
        async () => fake.connections >= count && (await connected(program)) >= count,
      );
    }
    async function backAfter(kill: () => unknown): Promise<number> {
      const began = performance.now();
      await kill();
      await until('the connections of before are gone', 30, async () => fake.connections < sessions);
      await allConnected(sessions);
      return (performance.now() - began) / 1_000;
    }
  } finally {
    await program.close();
    await fake.close();
  }
}

export async function newAccount(program: Program, number: number): Promise<string> {
  const { status, body } = await program.call('POST', '/api/v1/accounts', { name: `Linked ${number}`, channel: 'web' });
  if (status !== 201) throw new Error(`an account was answered with ${status}`);
  return body.id;
}

export async function scanCode(program: Program, id: string, scan: (qr: string) => Promise<unknown>): Promise<void> {
  const path = `/api/v1/accounts/${id}/link`;
  const { status } = await program.call('POST', path, { method: 'qr', accept_risks: true });
  if (status !== 202) throw new Error(`a link was answered with ${status}`);
  const qr = await until('there is a code', 60, async () => (await program.call('GET', path)).body.code?.value);
  await scan(qr);
}

/** How many accounts are connected. */
export async function connected(program: Program): Promise<number> {
  let count = 0;
  let cursor = '';
  do {
    const { body } = await program.call('GET', `/api/v1/accounts?limit=100${cursor && `&cursor=${cursor}`}`);
    count += body.data.filter((account: Json) => account.link?.state === 'connected').length;
    cursor = body.page.next_cursor ?? '';
  } while (cursor);
  return count;
}

/** The session process of a program: the child of its server that runs the package. */
function sessionProcess(program: Program): number {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = Number(/^\d+ \(.*\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]);
      if (parent === program.pid() && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('whatsapp-web'))
        return Number(name);
    } catch {
      // It has ended meanwhile.
    }
  }
  throw new Error('there is no session process');
}
