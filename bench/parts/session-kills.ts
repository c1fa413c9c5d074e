// Session kills: linked accounts whose program and database are killed again and again, and how many of them still send.
import { startFakeWhatsApp } from '../../channels/whatsapp-web/tests/fake/index.ts';
import { until } from '../../tests/faults/processes.ts';
import { prepareProgram } from '../../tests/faults/program.ts';
import { aim, written } from '../stats.ts';
import type { Order, Section } from './part.ts';
import { connected, newAccount, scanCode } from './sessions.ts';

const sessions = 100;
const linkedAtOnce = 4;
/** How long the links, and then their messages, may take. */
const withinSeconds = 180;
const to = '+351930090000';

export async function sessionKills(order: Order): Promise<Section> {
  const fake = await startFakeWhatsApp();
  const program = await prepareProgram({
    WHATSAPP_WEB_URL: fake.url,
    WHATSAPP_WEB_TYPING: 'off',
    WHATSAPP_WEB_SESSIONS_PER_PROCESS: String(sessions),
    NODE_EXTRA_CA_CERTS: fake.caFile,
  });
  try {
    await program.start();
    fake.person(to, { name: 'Ana' });
    const accounts: string[] = [];
    while (accounts.length < sessions) {
      const few = Array.from({ length: Math.min(linkedAtOnce, sessions - accounts.length) }, async (_, place) => {
        const number = accounts.length + place;
        const id = await newAccount(program, number);
        await scanCode(program, id, qr => fake.phone(`+3519301${String(10_000 + number)}`).scan(qr));
        return id;
      });
      accounts.push(...(await Promise.all(few)));
    }
    await until('all are connected', withinSeconds, async () => (await connected(program)) === sessions);
    order.tell(`session-kills: ${sessions} are linked`);

    const rounds: { connected: number; sent: number; seconds: number }[] = [];
    for (let round = 0; round < order.rounds; round++) {
      await program.kill('everything');
      const began = performance.now();
      await program.startPatiently();
      await inTime(async () => (await connected(program)) === sessions);
      const back = await connected(program);
      const seconds = (performance.now() - began) / 1_000;
      const sent = await sendFromAll(accounts, `Kill ${round}`);
      rounds.push({ connected: back, sent, seconds });
      order.tell(`session-kills, round ${round}: ${back} connected after ${written(seconds)} s, ${sent} sent`);
    }
    const least = Math.min(...rounds.map(({ sent }) => sent));
    return {
      title: 'session-kills: linked accounts after kills of the program and its database',
      how: `${sessions} accounts, linked to the fake WhatsApp of the tests on this machine. Then, in each round, kill -9 of the program with its database, a start, and a message from each account to one person once all are connected, or after ${withinSeconds} s. An account sends if WhatsApp has accepted its message within ${withinSeconds} s.`,
      table: [
        ['kill', 'accounts connected', 'accounts that send', 'from the start until connected, s'],
        ...rounds.map((each, round) => [
          String(round + 1),
          String(each.connected),
          String(each.sent),
          written(each.seconds),
        ]),
      ],
      notes: [aim('accounts that send after each kill', least, sessions)],
    };

    async function sendFromAll(ids: string[], body: string): Promise<number> {
      const waiting = new Set<string>();
      for (const account_id of ids) {
        const message = { account_id, to, type: 'text', text: { body } };
        const answer = await program.call('POST', '/api/v1/messages', message);
        if (answer.status !== 202) throw new Error(`a message was answered with ${answer.status}`);
        waiting.add(answer.body.id);
      }
      await inTime(async () => {
        for (const id of waiting) {
          const { body: message } = await program.call('GET', `/api/v1/messages/${id}`);
          if (['sent', 'delivered', 'read'].includes(message.status)) waiting.delete(id);
        }
        return waiting.size === 0;
      });
      return ids.length - waiting.size;
    }
  } finally {
    await program.close();
    await fake.close();
  }
}

/** Waits until something holds, or the time is up: the table says which. */
const inTime = (look: () => Promise<boolean>) => until('in time', withinSeconds, look, 500).catch(() => {});
