// After the erasure of a person no row and no file of an import names them.
import type { HookHandlers } from '../hooks.ts';
import { forgetRows } from './row-store.ts';
import { endImport, lockUnread, removeFiles, tell } from './store.ts';

const erased = {
  code: 'import_file_gone',
  message: 'A person was erased meanwhile, who may be in the file. Take the person out of it, and upload it again.',
};

export const importHooks: HookHandlers = {
  async 'contact.erased'(tx, { workspaceId, contactIds }) {
    const unread = await lockUnread(tx, workspaceId);
    for (const id of unread) {
      await endImport(tx, id, 'failed', null, erased);
      await tell(tx, id, 'import.failed');
    }
    const named = await forgetRows(tx, workspaceId, contactIds);
    await removeFiles(tx, [...unread, ...named]);
  },
};
