// An endpoint gets no event that its creator may no longer see: who loses a right loses the endpoints that need it.
import type { Permission } from '@recado/contract';
import type { Database } from '../../kit/db/database.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';
import type { EventRow } from '../events/index.ts';
import { disableEndpoint, type Watched, watchedEndpoints } from './endpoint-store.ts';

/** What a person or a key may see now. */
export interface Rights {
  permissions: ReadonlySet<Permission>;
  /** Undefined for all accounts. */
  accounts: readonly string[] | undefined;
}

export interface AccessNeeds {
  db: Database;
  clock: Clock;
  log: Logger;
  /** The rights of a person or a key in a workspace as of now; undefined if they have none. */
  rightsOf: (kind: 'person' | 'api_key', id: string, workspaceId: string) => Promise<Rights | undefined>;
}

/** Returns the check of endpoints: of those of these creators, or of all. */
export function accessCheck({ db, clock, log, rightsOf }: AccessNeeds) {
  return async (creators?: readonly string[]): Promise<void> => {
    for (const endpoint of await watchedEndpoints(db, creators)) {
      const rights = await rightsOf(endpoint.creator_kind, endpoint.created_by, endpoint.workspace_id);
      if (rights && covers(rights, endpoint)) continue;
      if (await db.transaction(tx => disableEndpoint(tx, endpoint, clock.sqlNow())))
        log.warn({ endpoint: endpoint.id, reason: 'access_lost' }, 'an endpoint was disabled');
    }
  };
}

const covers = ({ permissions, accounts }: Rights, endpoint: Watched): boolean =>
  endpoint.permissions.every(permission => permissions.has(permission)) &&
  (accounts === undefined || (endpoint.accounts?.every(id => accounts.includes(id)) ?? false));

/** The people and keys (UUIDs) whose rights these events change. */
export const concernedBy = (rows: readonly EventRow[]): string[] =>
  rows.flatMap(({ type, data }) =>
    type === 'access.changed'
      ? [data.person_id, data.api_key_id].filter((id): id is string => typeof id === 'string')
      : [],
  );
