// The needs of the routes of opt-outs.
import type { ScopedDatabase } from '../../kit/db/database.ts';
import type { Clock } from '../../kit/time.ts';
import type { OptOutLinks } from './links.ts';

export interface OptOutNeeds {
  db: ScopedDatabase;
  clock: Clock;
  links: OptOutLinks;
  publicUrl: () => string;
}
