// Everything that the parts of the fake share.
import type { Accounts } from './accounts.ts';
import type { Group } from './groups.ts';
import type { Ledger } from './ledger.ts';
import type { StanzaLog } from './log.ts';
import type { MediaServer } from './media.ts';
import type { Script } from './script.ts';

export interface World {
  readonly accounts: Accounts;
  readonly groups: Map<string, Group>;
  readonly media: MediaServer;
  readonly log: StanzaLog;
  readonly ledger: Ledger;
  readonly script: Script;
}
