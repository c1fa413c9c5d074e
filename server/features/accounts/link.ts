// The link of an account of WhatsApp Web as the API shows it.
import type { Link, LinkCause, LinkCode, LinkState } from '@recado/contract';

/** The columns of a session that people see. */
export interface LinkRow {
  state: LinkState;
  reason: string | null;
  cause: LinkCause | null;
  /** A time as JSON has it. */
  since: string;
  phone: string | null;
  linked_at: string | null;
  consented_at: string | null;
  code: LinkCode | null;
  /** When a session that is not open is opened again. */
  open_at: string | null;
}

const time = (stored: string): string => new Date(stored).toISOString();
const timeOrNull = (stored: string | null): string | null => (stored === null ? null : time(stored));

/** `showsCode`: whether the caller may link. A code that has expired is no code. */
export const presentLink = (row: LinkRow, showsCode: boolean, now: number): Link => ({
  state: row.state,
  reason: row.reason,
  cause: row.cause,
  since: time(row.since),
  phone: row.phone,
  linked_at: timeOrNull(row.linked_at),
  consented_at: timeOrNull(row.consented_at),
  code: showsCode && row.code && Date.parse(row.code.expires_at) > now ? row.code : null,
  reconnects_at: row.state === 'reconnecting' ? timeOrNull(row.open_at) : null,
});
