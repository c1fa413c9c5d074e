// What the routes of media need.
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import type { GuardedClient } from '../../kit/net/guarded-fetch.ts';
import type { FileLinks } from './files/links.ts';
import type { MediaService } from './files/store-file.ts';

export interface MediaNeeds extends MediaService {
  db: ScopedDatabase;
  /** The HTTP client for links from outside. */
  links: GuardedClient;
  fileLinks: FileLinks;
  /** The URL of this server, without a trailing slash. */
  baseUrl: () => string;
  /** Whether a queued message carries this file. */
  isNeeded: (db: Queryable, workspaceId: string, mediaId: string) => Promise<boolean>;
}
