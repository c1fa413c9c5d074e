// A session as the API shows it.
import type { Session } from '@recado/contract';
import { toId } from '../../kit/ids.ts';
import type { SessionRow } from './session-store.ts';

/** @param current the session of the request */
export const presentSession = (row: SessionRow, current: string | undefined): Session => ({
  id: toId('session', row.id),
  current: row.id === current,
  address: row.address,
  user_agent: row.user_agent,
  created_at: row.created_at.toISOString(),
  renewed_at: row.renewed_at.toISOString(),
  expires_at: row.expires_at.toISOString(),
});
