// The first owner: by the one-time link, or by the configuration for an unattended first start.
import { audit } from '../../kit/audit.ts';
import type { Database, Queryable } from '../../kit/db.ts';
import { newUuid, toId } from '../../kit/ids.ts';
import { hashText, randomText } from '../../kit/secrets.ts';
import { refuse } from './errors.ts';
import { type Counting, countFailure, loginLimits } from './failures.ts';
import type { From } from './from.ts';
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
  /** Gives a new workspace what it begins with, in the transaction that makes it. */
  furnish: (tx: Queryable, workspaceId: string) => Promise<void>;
}

/** A new one-time token for the setup link; undefined once an owner exists. */
export async function offerSetup(db: Database): Promise<string | undefined> {
  if (await anyPerson(db)) return undefined;
  const token = randomText();
  await addSetupToken(db, hashText(token));
  return token;
}

/**
 * Makes the first owner with a setup token. Of any number at once, one wins. Hashing a password is dear, so that nobody
 * has it done without a token that is good, and wrong tokens count as failures of the address.
 * @throws AppError
 */
export async function setUp(
  needs: SetUpNeeds & Counting,
  token: string,
  owner: NewOwner,
  from: From,
): Promise<{ personId: string; workspaceId: string }> {
  const hash = hashText(token);
  if (!(await isSetupOpen(needs.db, hash))) {
    await countFailure(needs, { [`address ${from.network}`]: loginLimits.address });
    throw refuse('setup_token_invalid');
  }
  demandUncommon('password', owner.password, [owner.email, owner.name]);
  const passwordHash = await hashPassword(owner.password);
  return needs.db.transaction(async tx => {
    await lockSetup(tx);
    if (!(await takeSetupToken(tx, hash)) || (await anyPerson(tx))) throw refuse('setup_token_invalid');
    return addOwner(needs, tx, owner, passwordHash);
  });
}

/** Makes the owner of the configuration, where there is nobody yet. */
export async function setUpUnattended(needs: SetUpNeeds, owner: NewOwner): Promise<void> {
  if (await anyPerson(needs.db)) return;
  const passwordHash = await hashPassword(owner.password);
  await needs.db.transaction(async tx => {
    await lockSetup(tx);
    if (!(await anyPerson(tx))) await addOwner(needs, tx, owner, passwordHash);
  });
}

async function addOwner(needs: SetUpNeeds, tx: Queryable, owner: NewOwner, passwordHash: string) {
  const ids = { personId: newUuid(), workspaceId: newUuid() };
  await insertOwner(tx, { ...ids, email: owner.email, name: owner.name, passwordHash });
  await needs.furnish(tx, ids.workspaceId);
  const actor = {
    workspaceId: ids.workspaceId,
    kind: 'system',
    id: undefined,
    address: undefined,
    requestId: undefined,
  } as const;
  const target = { kind: 'workspace', id: ids.workspaceId };
  await audit(tx, actor, { action: 'workspace.created', target, detail: { owner: toId('person', ids.personId) } });
  return ids;
}
