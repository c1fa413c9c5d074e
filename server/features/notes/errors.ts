// The errors of notes.
import { noteEditMinutes } from '@recado/contract';
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const noteErrors = {
  note_not_found: {
    status: 404,
    title: 'Note not found.',
    remedy: 'List the notes with `GET /api/v1/conversations/:id/notes`.',
  },
  note_of_another: {
    status: 403,
    title: 'Somebody else wrote the note.',
    remedy: 'Only the author of a note edits and deletes it. Write a note of your own.',
  },
  note_too_old: {
    status: 409,
    title: `A note can be edited for ${noteEditMinutes} minutes.`,
    remedy: 'Write another note, or delete this one.',
  },
  note_deleted: {
    status: 409,
    title: 'The note was deleted.',
    remedy: 'Write another note.',
  },
} as const satisfies ErrorTable;

export const problem = problems(noteErrors);
