// The first owner: by a one-time link, or by configuration for an unattended first start.
import { type Actor, audit } from '../../kit/audit.ts';
import { hashText, randomText } from '../../kit/crypto/secrets.ts';
import type { Database, Queryable } from '../../kit/db/database.ts';
import { newUuid, toId } from '../../kit/ids.ts';
import { problem } from './errors.ts';
import { countFailure, linkSubject, loginLimits } from './failures.ts';
import { actorFrom, type From } from './from.ts';
import { type LogInNeeds, type Opened, openSession } from './log-in.ts';
import { hashPassword } from './password.ts';
import { demandUncommon } from './password-rules.ts';
import { addSetupToken, anyPerson, insertOwner, isSetupOpen, lockSetup, takeSetupToken } from './store.ts';

export interface NewOwner {
  email: string;
  password: string;
  name: string;
}

export interface SetUpNeeds {
  db: Database;
  /** Seeds a new workspace in the transaction that creates it. Returns the work to do after the commit. */
  seedWorkspace: (tx: Queryable, workspaceId: string) => Promise<() => Promise<void>>;
}

/** Whether the first owner exists. */
export const hasOwner = (db: Queryable): Promise<boolean> => anyPerson(db);

/** A new one-time token for the setup link; undefined once an owner exists. */
export async function offerSetup(db: Database): Promise<string | undefined> {
  if (await anyPerson(db)) return undefined;
  const token = randomText();
  await addSetupToken(db, hashText(token));
  return token;
}

/**
 * Creates the first owner with a setup token and opens a session. Of several parallel calls one wins. Hashing a
 * password is expensive, so we check the token first; wrong tokens count as failures of the address.
 * @throws AppError
 */
export async function setUp(
  needs: SetUpNeeds & LogInNeeds,
  token: string,
  owner: NewOwner,
  from: From,
): Promise<Opened> {
  const hash = hashText(token);
  if (!(await isSetupOpen(needs.db, hash))) {
    await countFailure(needs, { [linkSubject(from.network)]: loginLimits.links });
    throw problem('setup_token_invalid');
  }
  demandUncommon('password', owner.password, [owner.email, owner.name]);
  const passwordHash = await hashPassword(owner.password);
  const { opened, follow } = await needs.db.transaction(async tx => {
    await lockSetup(tx);
    if (!(await takeSetupToken(tx, hash)) || (await anyPerson(tx))) throw problem('setup_token_invalid');
    const ids = { personId: newUuid(), workspaceId: newUuid() };
    const actor = actorFrom(from, ids.personId, ids.workspaceId);
    const follow = await addOwner(needs, tx, { ...owner, ...ids, passwordHash }, actor);
    await audit(tx, actor, { action: 'session.opened' });
    return { opened: await openSession(needs, tx, ids, from), follow };
  });
  await follow();
  return opened;
}

/** Creates the owner from the configuration, if there are no people yet. */
export async function setUpUnattended(needs: SetUpNeeds, owner: NewOwner): Promise<void> {
  if (await anyPerson(needs.db)) return;
  const passwordHash = await hashPassword(owner.password);
  const follow = await needs.db.transaction(async tx => {
    await lockSetup(tx);
    if (await anyPerson(tx)) return undefined;
    const ids = { personId: newUuid(), workspaceId: newUuid() };
    return addOwner(needs, tx, { ...owner, ...ids, passwordHash }, { ...system, workspaceId: ids.workspaceId });
  });
  await follow?.();
}

const system = { kind: 'system', id: undefined, address: undefined, requestId: undefined } as const;

async function addOwner(
  { seedWorkspace }: SetUpNeeds,
  tx: Queryable,
  owner: Parameters<typeof insertOwner>[1],
  actor: Actor,
): Promise<() => Promise<void>> {
  const { personId, workspaceId, email, name, passwordHash } = owner;
  await insertOwner(tx, { personId, workspaceId, email, name, passwordHash });
  const follow = await seedWorkspace(tx, workspaceId);
  const target = { kind: 'workspace', id: workspaceId };
  await audit(tx, actor, { action: 'workspace.created', target, detail: { owner: toId('person', personId) } });
  return follow;
}
