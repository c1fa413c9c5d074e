// What the routes of alerts need.
import type { ScopedDatabase } from '../../kit/db/database.ts';
import type { Clock } from '../../kit/time.ts';

export interface AlertNeeds {
  db: ScopedDatabase;
  clock: Clock;
}

export const tags = ['Alerts'];
