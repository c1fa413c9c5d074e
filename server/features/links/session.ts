// A session that this process holds, and what it needs around it.
import type { Logger } from '../../kit/log.ts';
import type { Metrics } from '../../kit/metrics.ts';
import type { Clock } from '../../kit/time.ts';
import type { SessionHost } from '../../ports/gateway.ts';
import type { RequestNeeds } from './requests.ts';
import type { Lease } from './session-store.ts';
import type { Rhythm } from './silence.ts';

export interface SessionNeeds extends RequestNeeds {
  realClock: Clock;
  log: Logger;
  metrics: Pick<
    Metrics,
    'sessions' | 'sessionOpens' | 'sessionCloses' | 'links' | 'undecryptable' | 'undecryptableMost'
  >;
  /** The worker of this process, in leases and in the routes of accounts. */
  worker: string;
  /** From 0 to 1, for the spread of reconnections. */
  random: () => number;
  /** The version of WhatsApp Web now. */
  version: () => string;
  /** Wakes all lanes of an account. */
  opened: (accountId: string) => void;
}

/** The same, and what a session needs of the gateway that holds it. */
export interface Surroundings extends SessionNeeds {
  host: SessionHost;
  forget: (session: HeldSession) => void;
  poll: () => void;
  /** Says that the phone of an account whose link has ended may keep the device. */
  tellKept: (accountId: string) => void;
}

export interface HeldSession extends Lease {
  workspaceId: string;
  epoch: number;
  isLinking: boolean;
  /** A code to link with was shown. */
  hasShownCode: boolean;
  isLinked: boolean;
  isOpen: boolean;
  /** Another gateway may have it: nothing is written any more. */
  isLost: boolean;
  /** Set once it is lost: whether it logs out, because its keys are deleted. */
  logsOut: Promise<boolean> | undefined;
  /** Its lease is given back. */
  isReleased: boolean;
  isStopping: boolean;
  /** Why we closed it. The library then gives no code. */
  isClosing: { code: number; title: string } | undefined;
  failures: number;
  /** How often in a row another program took the connection. */
  replaced: number;
  /** When a message could not be decrypted, in the last hour. */
  undecryptable: number[];
  openingSince: number;
  openedAt: number | undefined;
  leaseEndsAt: number;
  rhythm: Rhythm;
  /** The one that was saved last. */
  savedRhythm: Rhythm;
  /** The notices are followed one after the other. */
  following: Promise<void>;
  /** Resolves when it is closed. */
  ended: Promise<void>;
  gone: () => void;
}
