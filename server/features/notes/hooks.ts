// What other features do to notes.
import type { HookHandlers } from '../hooks.ts';
import { follow } from '../team/index.ts';
import { findNote, insertNote, removeNotesAbout, tellOfNote } from './store.ts';

export const noteHooks: HookHandlers = {
  async 'conversation.noted'(tx, { workspaceId, conversationId, body, by, now }) {
    const { id } = await insertNote(tx, conversationId, { body, mentions: [], author: by.id }, now);
    if (by.kind === 'person') await follow(tx, conversationId, [by.id], now);
    const note = await findNote(tx, workspaceId, id);
    if (note) await tellOfNote(tx, workspaceId, 'note.created', note, [], by, now);
  },
  'contact.erased': (tx, { contactIds }) => removeNotesAbout(tx, contactIds),
};
