// Notes that people of yours write about a conversation for each other.
import { z } from 'zod';
import { pageQuery, pageSchema, requestObject, textSchema, timeSchema, visibleRule } from './common.ts';
import { idExamples, idSchema } from './ids.ts';
import { mediaIdsSchema, mediaKinds, shownFileSchema } from './media.ts';

const mostLetters = 4_000;
const mostMentions = 20;
const mostFiles = 5;

/** How long after it was written a note can be edited, in minutes. */
export const noteEditMinutes = 15;

/** The text of a note. */
export const noteText = textSchema(mostLetters).refine(...visibleRule);
const body = textSchema(mostLetters, 0)
  .refine(...visibleRule)
  .meta({ description: 'The text. It may be empty where the note has files.' });
const files = mediaIdsSchema(mostFiles);

const mentions = z
  .array(idSchema('person'))
  .max(mostMentions, { error: `Must have at most ${mostMentions} people.` })
  .meta({
    description: 'The people whom the note names. Each must be a member who may see the account of the conversation.',
  });

const exampleBody = '@Ana she is a VIP, please give her the new one.';

export const createNoteBody = requestObject({
  body: body.optional(),
  mentions: mentions.optional(),
  media_ids: files.optional().meta({
    description: 'Files that you uploaded for it. From then on the note alone has them, and no message carries them.',
  }),
}).meta({ example: { body: exampleBody } });
export const updateNoteBody = requestObject({
  body,
  media_ids: files.optional().meta({
    description: 'All files of the note from now on. Recado deletes its others. Default: as they are.',
  }),
  mentions: mentions.optional().meta({ description: 'The people whom the note names now. Default: nobody.' }),
}).meta({ example: { body: exampleBody } });
export const listNotesQuery = z.strictObject(pageQuery);

export const noteSchema = z
  .strictObject({
    id: idSchema('note'),
    conversation_id: idSchema('conversation'),
    contact_id: idSchema('contact'),
    episode_id: idSchema('episode').nullable().meta({ description: 'The episode that it was written in.' }),
    author: z
      .strictObject({
        id: idSchema('person').or(idSchema('api_key')),
        name: z.string().meta({ description: 'The current name.' }),
      })
      .nullable()
      .meta({ description: 'Who wrote it. Null where the person or the API key no longer exists.' }),
    body: z.string().nullable().meta({ description: 'The text. Null once the note is deleted.' }),
    mentions: z
      .array(
        z.strictObject({
          person_id: idSchema('person'),
          name: z.string().meta({ description: 'The current name.' }),
        }),
      )
      .meta({ description: 'The people whom it names.' }),
    files: z
      .array(
        shownFileSchema.extend({
          kind: z
            .enum(mediaKinds)
            .meta({ description: 'Whether it is shown as an image, a video, a sound or a document.' }),
        }),
      )
      .meta({
        description: 'Its files. Get one with `GET /api/v1/media/{id}/content`. None once the note is deleted.',
      }),
    created_at: timeSchema.meta({ description: 'When it was written.' }),
    edited_at: timeSchema.nullable().meta({ description: 'When it was last edited. Null if it never was.' }),
    deleted_at: timeSchema.nullable().meta({ description: 'When its author deleted it. Null if nobody did.' }),
  })
  .meta({ id: 'Note' });
export type Note = z.infer<typeof noteSchema>;

export const notePage = pageSchema(noteSchema).meta({ id: 'NotePage' });

/** The data of the events of notes. Text and file names are in the note alone, so that its deletion leaves none. */
export const noteEventData = z.strictObject({
  note_id: idSchema('note'),
  conversation_id: idSchema('conversation'),
  contact_id: idSchema('contact'),
  person_id: idSchema('person').nullable().meta({ description: 'The person who did it.' }),
  api_key_id: idSchema('api_key').nullable().meta({ description: 'The API key that did it.' }),
  mentions: z.array(idSchema('person')).meta({ description: 'The people whom it names.' }),
  new_mentions: z
    .array(idSchema('person'))
    .meta({ description: 'The people whom it did not name before. Recado tells them.' }),
  media_ids: z.array(idSchema('media')).meta({ description: 'Its files.' }),
});

export const noteEventExample = {
  note_id: idExamples.note,
  conversation_id: idExamples.conversation,
  contact_id: idExamples.contact,
  person_id: idExamples.person,
  api_key_id: null,
  mentions: [idExamples.person],
  new_mentions: [idExamples.person],
  media_ids: [idExamples.media],
};
