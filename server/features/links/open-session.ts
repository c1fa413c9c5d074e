// Opens the sessions that this process has just taken, and their next connections.
import { DecryptionError } from '../../kit/crypto/encryption.ts';
import type { Database } from '../../kit/db/database.ts';
import type { LinkMethod, OpenSession } from '../../ports/gateway.ts';
import { linkChanged } from './event-store.ts';
import { openCredentials } from './requests.ts';
import type { HeldSession, Surroundings } from './session.ts';
import {
  fencedChange,
  isStillLapsed,
  lapsedSessions,
  leaseMs,
  releaseSession,
  type TakenSession,
} from './session-store.ts';
import { newRhythm } from './silence.ts';
import { readVersion } from './version.ts';

/** A credential that cannot be read is tried again after five minutes: the operator may add the key. */
const unreadableMs = 300_000;

/** Opens a session that was just taken. Undefined if its credentials cannot be read. */
export async function takeOver(
  needs: Surroundings,
  row: TakenSession,
  begun: number,
): Promise<HeldSession | undefined> {
  const { db, encrypter, realClock, clock, log } = needs;
  let credentials: string | null;
  try {
    credentials = row.credentials === null ? null : openCredentials(encrypter, row.accountId, row.credentials);
  } catch (error) {
    if (!(error instanceof DecryptionError)) throw error;
    log.error({ err: error, account: row.accountId }, 'the credentials of a session cannot be decrypted');
    await fencedChange(db, row, async tx => {
      await releaseSession(tx, row.accountId, { ...row, waitMs: unreadableMs });
      await linkChanged(tx, row.accountId, { state: 'reconnecting', reason: unreadable, code: null });
    });
    return undefined;
  }
  const rhythm = newRhythm(clock.now(), row.rhythm ?? undefined);
  let gone = () => {};
  const ended = new Promise<void>(resolve => {
    gone = resolve;
  });
  const session: HeldSession = {
    accountId: row.accountId,
    fence: row.fence,
    workspaceId: row.workspaceId,
    epoch: row.epoch,
    isLinking: row.wants === 'link',
    hasShownCode: false,
    isLinked: credentials !== null,
    isOpen: false,
    isLost: false,
    logsOut: undefined,
    isReleased: false,
    isStopping: false,
    isClosing: undefined,
    failures: row.failures,
    replaced: row.replaced,
    undecryptable: [],
    openingSince: realClock.elapsed(),
    openedAt: undefined,
    leaseEndsAt: begun + leaseMs,
    rhythm,
    savedRhythm: rhythm,
    following: Promise.resolve(),
    ended,
    gone,
  };
  // Its gateway has gone without a word: until it is open again here, nobody can send.
  if (row.state === 'connected')
    await fencedChange(db, row, tx =>
      linkChanged(tx, row.accountId, { state: 'reconnecting', reason: null, code: null }),
    );
  openConnection(needs, session, credentials, linkOf(row));
  return session;
}

const unreadable =
  'Recado cannot decrypt the credentials of the link. The operator adds the earlier key to SECRET_KEY_PREVIOUS, or you link the phone again.';

const linkOf = ({ wants, linkMethod, linkPhone }: TakenSession): LinkMethod | null => {
  if (wants !== 'link') return null;
  return linkMethod === 'pairing_code'
    ? { kind: 'pairing_code', phone: (linkPhone ?? '').replace('+', '') }
    : { kind: 'qr' };
};

/** Opens the next connection of a session. `link` is set while it is being linked. */
export function openConnection(
  needs: Surroundings,
  session: HeldSession,
  credentials: string | null,
  link: LinkMethod | null,
): void {
  needs.metrics.sessionOpens.inc();
  const asked: OpenSession = {
    session: session.accountId,
    epoch: session.epoch,
    credentials,
    link,
    version: readVersion(needs.version()),
  };
  needs.host.open(asked);
}

/** Tells of links whose gateways are all gone: they are not connected. */
export async function tellLapsedLinks(db: Database): Promise<void> {
  for (const accountId of await lapsedSessions(db))
    await db.transaction(async tx => {
      // A gateway may have taken and opened it since the list was read.
      if (await isStillLapsed(tx, accountId))
        await linkChanged(tx, accountId, { state: 'reconnecting', reason: nobody, code: null });
    });
}

const nobody = 'No process holds the connection to WhatsApp. It needs a process with the role gateway.';
