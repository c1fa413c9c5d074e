// What the routes of media need.
import type { Queryable, WalledDatabase } from '../../kit/db/database.ts';
import type { GuardedClient } from '../../kit/net/guarded-fetch.ts';
import type { FileLinks } from './files/links.ts';
import type { KeepNeeds } from './files/store-file.ts';

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
