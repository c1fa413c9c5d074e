// Phones that are linked to accounts of a scenario, over the API and with a fake WhatsApp.
import { readdir, readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import type { FakeWhatsApp, Owner } from '../../channels/whatsapp-web/tests/fake/index.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { logIsOpen } from './event-log.ts';
import type { Answer, Scenario } from './scenario.ts';

/** The link as the API shows it. */
export interface ShownLink {
  state: string;
  reason: string | null;
  cause: string | null;
  phone: string | null;
  code: { method: string; value: string; number: number; of: number; expires_at: string } | null;
  reconnects_at: string | null;
  linked_at: string | null;
}

/** How long a poll may last. */
export const patience = { timeout: 40_000, interval: 50 };
/** How long a poll may last while processes start. */
export const startPatience = { timeout: 60_000, interval: 50 };

/** The settings with which a program calls the fake WhatsApp. */
export const webSettings = (fake: FakeWhatsApp) => ({ WHATSAPP_WEB_URL: fake.url, WHATSAPP_WEB_TYPING: 'off' });

export type LinkedPhones = ReturnType<typeof linkedPhones>;

let numbers = 0;

export function linkedPhones({ api, sql }: Scenario, fake: FakeWhatsApp) {
  const linkOf = async (id: string): Promise<ShownLink> => (await api('GET', `/api/v1/accounts/${id}/link`)).body;

  const phones = {
    linkOf,
    nextNumber: () => `+35191${String(1_000_000 + ++numbers)}`,

    async makeAccount(settings: object = {}): Promise<string> {
      const body = { channel: 'web', name: 'Shop', time_zone: 'Europe/Lisbon', ...settings };
      const made = await api('POST', '/api/v1/accounts', body);
      if (made.status !== 201) throw new Error(`no account: ${made.status} ${made.text}`);
      return made.body.id;
    },

    accountOf: async (id: string) => (await api('GET', `/api/v1/accounts/${id}`)).body,

    startLink: (id: string, body: object = { method: 'qr', accept_risks: true }): Promise<Answer> =>
      api('POST', `/api/v1/accounts/${id}/link`, body),

    /** The current code, once there is one. */
    async codeOf(id: string): Promise<NonNullable<ShownLink['code']>> {
      await expect.poll(async () => (await linkOf(id)).code?.value, patience).toBeTypeOf('string');
      const { code } = await linkOf(id);
      if (!code) throw new Error('the code has expired meanwhile');
      return code;
    },

    /** Waits until the link is in this state. */
    isState: (id: string, state: string, wait = patience) =>
      expect.poll(async () => (await linkOf(id)).state, wait).toBe(state),

    /** An account with a linked phone. */
    async linked(settings: object = {}): Promise<{ id: string; number: string; phone: Owner }> {
      const [id, number] = [await phones.makeAccount(settings), phones.nextNumber()];
      const phone = fake.phone(number, { name: 'Owner' });
      await phones.startLink(id);
      await phone.scan((await phones.codeOf(id)).value);
      await phones.isState(id, 'connected');
      return { id, number, phone };
    },

    /** The data of the events of an account, the oldest first. */
    async eventsOf(id: string, type: string): Promise<Record<string, unknown>[]> {
      await logIsOpen({ sql });
      const { body } = await api('GET', `/api/v1/events?types=${type}&limit=200`);
      const events: { account_id: string | null; data: Record<string, unknown> }[] = body.data;
      return events.filter(each => each.account_id === id).map(({ data }) => data);
    },

    rowsOf: (table: string, id: string) =>
      sql<{ value: string }>(`select * from ${table} where account_id = $1`, [toUuid(id)]),
  };
  return phones;
}

/** The session processes of a process. */
export async function sessionProcesses(parent = process.pid): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const words = await readFile(`/proc/${name}/cmdline`, 'utf8');
      const stat = await readFile(`/proc/${name}/stat`, 'utf8');
      const isOurs = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      if (isOurs && words.includes('whatsapp-web/dist/main.js')) found.push(Number(name));
    } catch {
      // It has just ended.
    }
  }
  return found;
}
