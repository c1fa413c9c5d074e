// An account of WhatsApp Web in states that a real phone reaches only by bad luck: set in the database, as gateways do.
import type { Link } from '@recado/contract';
import { linkChanged } from '../../server/features/links/event-store.ts';
import { toUuid } from '../../server/kit/ids.ts';
import type { Scenario } from '../setup/scenario.ts';

export interface WebAccount {
  id: string;
  name: string;
  /** Lets the link be in a state, with these columns of its session. */
  set(state: Link['state'], columns?: Record<string, unknown>): Promise<void>;
  /** Shows a code, and tells it. */
  showCode(code: { method: 'qr' | 'pairing_code'; value: string; number?: number; of?: number }): Promise<void>;
  /** Tells of a silence. */
  tellSilence(data: { silent_seconds: number; usual_seconds: number; action: string }): Promise<void>;
}

/** The text of a QR code is about as long as this. */
export const codeOf = (number: number): string =>
  [`2@${'Ab3'.repeat(30)}${number}`, ...[1, 2, 3].map(part => `${part}${'x9Kz'.repeat(10)}/yA=`)].join(',');

/** Creates an account of WhatsApp Web. Codes live for some seconds from now. */
export async function makeWebAccount(scenario: Scenario, name: string, seconds = 14): Promise<WebAccount> {
  const { body: account } = await scenario.api('POST', '/api/v1/accounts', { name, channel: 'web' });
  const uuid = toUuid(account.id);
  const tell = (type: string, data: object) =>
    scenario.sql(
      `select append_event((select workspace_id from account where id = $1), $2, $1, $3::jsonb, clock_timestamp())`,
      [uuid, type, JSON.stringify(data)],
    );
  return {
    id: account.id,
    name,
    async set(state, columns = {}) {
      for (const [column, value] of Object.entries(columns))
        await scenario.sql(`update web_session set ${column} = $2 where account_id = $1`, [uuid, value]);
      if (typeof columns.phone === 'string')
        await scenario.sql('update account set phone = $2 where id = $1', [uuid, columns.phone]);
      const { reason = null } = columns;
      await linkChanged(scenario.engineDb, uuid, { state, reason: reason as string | null, code: null });
    },
    async showCode({ method, value, number = 1, of = 6 }) {
      const expires_at = new Date(Date.now() + seconds * 1_000).toISOString();
      const code = { method, value, number, of, expires_at };
      await scenario.sql('update web_session set code = $2 where account_id = $1', [uuid, JSON.stringify(code)]);
      await tell('account.link_code_created', code);
    },
    tellSilence: async data => {
      await tell('account.silence_detected', data);
    },
  };
}
