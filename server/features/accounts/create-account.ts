// How an account of each channel is created: checked before the transaction of the request, stored in it, announced after.
import type { ChannelName, createAccountBody } from '@recado/contract';
import type { z } from 'zod';
import type { Queryable } from '../../kit/db/database.ts';
import type { Caller } from '../../kit/http/routes.ts';
import type { AccountNumber } from './account.ts';
import { type ConnectNeeds, prepareConnection, saveConnection } from './connect-account.ts';
import { type AccountNeeds, createAccount, createWebAccount } from './manage-account.ts';

export interface CreateNeeds extends AccountNeeds {
  connect: ConnectNeeds;
  /** Registers the number of a new account with the Sandbox; never fails. */
  introduce: (numbers: AccountNumber[]) => Promise<void>;
  /** Reads the templates of a new account from WhatsApp; never fails. */
  readTemplates: (workspaceId: string, accountId: string) => Promise<void>;
}

/** A new account that has passed its checks. */
interface Creation {
  /** Stores it with its lane. Returns its id. */
  store(tx: Queryable): Promise<string>;
  /** Follows the commit; never fails. */
  announce(id: string): Promise<void>;
}

type CreateAccountBody = z.infer<typeof createAccountBody>;
type Bodies = { [Name in ChannelName]: Extract<CreateAccountBody, { channel: Name }> };

const creations: {
  [Name in ChannelName]: (needs: CreateNeeds, caller: Caller, body: Bodies[Name]) => Promise<Creation>;
} = {
  async sandbox(needs, { workspaceId }, body) {
    let number: AccountNumber | undefined;
    return {
      async store(tx) {
        const { id, ...made } = await createAccount(tx, workspaceId, body, needs);
        number = made;
        return id;
      },
      announce: async () => number && needs.introduce([number]),
    };
  },
  async cloud({ connect, readTemplates }, caller, body) {
    const connection = await prepareConnection(connect, caller, body);
    return {
      store: tx => saveConnection(connect, tx, caller.workspaceId, connection),
      announce: id => readTemplates(caller.workspaceId, id),
    };
  },
  async web(needs, { workspaceId }, body) {
    return { store: tx => createWebAccount(tx, workspaceId, body, needs), announce: async () => {} };
  },
};

/** Checks a new account. @throws AppError if the channel rejects it */
export const prepareCreation = <Name extends ChannelName>(
  needs: CreateNeeds,
  caller: Caller,
  body: Bodies[Name] & { channel: Name },
): Promise<Creation> => creations[body.channel](needs, caller, body);
