// A note in the thread: paper over the whole width, so that it looks like no message.
import type { Note } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Ellipsis, LockKeyhole, Pencil, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../../components/button.tsx';
import { directionOf } from '../../../components/field.tsx';
import { FileChip } from '../../../components/file-chip.tsx';
import { Avatar } from '../../../components/marks.tsx';
import { Menu, MenuItem } from '../../../components/menu.tsx';
import { conversationQuery } from '../../../data/conversations.ts';
import { useMay, useMe } from '../../../data/me.ts';
import { deleteNote, updateNote } from '../../../data/notes.ts';
import { cx } from '../../../kit/class-names.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction } from '../../../kit/use-action.ts';
import { useNow } from '../../../kit/use-now.ts';
import { useAttachments } from '../composer/files/use-attachments.ts';
import { piecesOf } from './mentions.ts';
import { NoteFiles } from './note-files.tsx';
import { NoteForm } from './note-form.tsx';

/** As the server has it: later an edit would rewrite what others have read. */
const editableMs = 15 * 60_000;

export function NotePaper({ note, isChosen }: { note: Note; isChosen: boolean }) {
  const { t } = useTranslation();
  const { clock, exact } = useFormat();
  const me = useMe().person?.id;
  const mayWrite = useMay('notes.write');
  const now = useNow(30_000);
  const [isEditing, setEditing] = useState(false);
  const remove = useAction({ ...deleteNote, done: t('inbox.note.deleted') });
  const who = note.author?.name ?? t('inbox.note.nobody');
  const isOwn = mayWrite && note.author?.id === me && note.deleted_at === null;
  const mayEdit = isOwn && now - Date.parse(note.created_at) < editableMs;
  return (
    <article
      aria-label={t('inbox.note.by', { who, time: clock(note.created_at) })}
      className={cx('note-paper', isChosen && 'is-chosen')}
    >
      <header className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-12 text-muted">
        <Avatar name={who} size="small" />
        <bdi className="text-13 font-semibold text-text">{who}</bdi>
        <time dateTime={note.created_at} title={exact(note.created_at)} className="num">
          {clock(note.created_at)}
        </time>
        {note.edited_at !== null && <span>{t('inbox.note.edited', { time: clock(note.edited_at) })}</span>}
        <span className="inline-flex items-center gap-1 font-medium">
          <LockKeyhole size={13} strokeWidth={1.75} aria-hidden="true" />
          {t('inbox.note.noteOnlyTeam')}
        </span>
        {isOwn && !isEditing && (
          <Menu
            label={t('inbox.note.actions')}
            trigger={
              <IconButton icon={Ellipsis} label={t('inbox.note.actions')} size="small" className="-my-1 ms-auto" />
            }
          >
            {mayEdit && (
              <MenuItem icon={Pencil} onSelect={() => setEditing(true)}>
                {t('inbox.note.edit')}
              </MenuItem>
            )}
            <MenuItem
              icon={Trash2}
              onSelect={() => remove.mutate({ id: note.id, conversationId: note.conversation_id })}
            >
              {t('inbox.note.delete')}
            </MenuItem>
          </Menu>
        )}
      </header>
      {note.body === null ? (
        <p className="mt-1 text-14 text-muted">
          {t('inbox.note.wasDeleted', { who, time: clock(note.deleted_at ?? note.created_at) })}
        </p>
      ) : isEditing ? (
        <Editing note={note} body={note.body} onEnd={() => setEditing(false)} />
      ) : (
        <>
          {note.body !== '' && (
            <p dir={directionOf(note.body)} className="mt-1 text-14 break-words whitespace-pre-wrap">
              <Words note={note} body={note.body} me={me} />
            </p>
          )}
          <NoteFiles note={note} who={who} />
        </>
      )}
    </article>
  );
}

function Words({ note, body, me }: { note: Note; body: string; me: string | undefined }) {
  const people = note.mentions.map(({ person_id, name }) => ({ id: person_id, name }));
  return piecesOf(body, people).map(({ text, person }, index) =>
    person ? (
      <bdi
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text have no other name
        key={index}
        className={cx(
          'font-medium',
          person.id === me ? 'rounded-badge bg-accent px-1 text-on-solid' : 'text-accent-text',
        )}
      >
        {text}
      </bdi>
    ) : (
      text
    ),
  );
}

function Editing({ note, body, onEnd }: { note: Note; body: string; onEnd: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(body);
  const [kept, setKept] = useState(note.files);
  const attachments = useAttachments();
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  const account = useQuery(conversationQuery(note.conversation_id)).data?.account_id ?? '';
  const update = useAction({ ...updateNote, onDone: onEnd });
  const media_ids = kept.map(({ id }) => id);
  return (
    <NoteForm
      ref={area}
      conversation={{ account_id: account }}
      label={t('inbox.note.edit')}
      text={text}
      onText={setText}
      attachments={attachments}
      kept={kept.length}
      isBusy={update.isPending}
      onSave={written => update.mutate({ id: note.id, conversationId: note.conversation_id, media_ids, ...written })}
      onClose={onEnd}
      className="-mx-3.5"
      head={
        kept.length > 0 && (
          <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5 px-3.5 pt-2">
            {kept.map(file => (
              <FileChip key={file.id} file={file} onRemove={() => setKept(kept.filter(({ id }) => id !== file.id))} />
            ))}
          </div>
        )
      }
      hint={null}
      buttons={
        <>
          <Button size="small" onClick={onEnd}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" size="small" kind="primary" busy={update.isPending}>
            {t('action.save')}
          </Button>
        </>
      }
    />
  );
}
