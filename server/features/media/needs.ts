// What the routes of media need.
import type { Queryable, WalledDatabase } from '../../kit/db.ts';
import type { GuardedClient } from '../../kit/guarded-fetch.ts';
import type { KeepNeeds } from './keep-file.ts';
import type { FileLinks } from './links.ts';

export interface MediaNeeds extends KeepNeeds {
  db: WalledDatabase;
  /** The client for links that come from outside. */
  links: GuardedClient;
  fileLinks: FileLinks;
  /** Where this server is reached, without a slash at the end. */
  baseUrl: () => string;
  /** Whether a message that has not left yet carries this file. */
  isNeeded: (db: Queryable, workspaceId: string, mediaId: string) => Promise<boolean>;
}
