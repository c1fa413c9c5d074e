// The composer as a note: on its own paper, and with a button of its own, so that nobody takes it for a message.
import type { Conversation } from '@recado/client';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { createNote } from '../../../data/notes.ts';
import { useAction } from '../../../kit/use-action.ts';
import { useDraft, useWriteDraft } from '../composer/draft.ts';
import { mentionedIn } from './mentions.ts';
import { NoteField, useMentionable } from './note-field.tsx';

interface Props {
  conversation: Conversation;
  /** Reply or note. */
  modes: ReactNode;
  onClose: () => void;
}

export function NoteCard({ conversation, modes, onClose }: Props) {
  const { t } = useTranslation();
  const { id } = conversation;
  // Apart from the reply: neither becomes the other.
  const place = `${id}.note`;
  const { text } = useDraft(place);
  const writeDraft = useWriteDraft();
  const { able, strangers } = useMentionable(conversation);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  const create = useAction({ ...createNote, onDone: () => writeDraft(place, { text: '' }) });
  const save = () => {
    if (text.trim() === '' || create.isPending || mentionedIn(text, strangers).length > 0) return;
    const mentions = mentionedIn(text, able).map(person => person.id);
    create.mutate({ conversationId: id, body: text.trim(), mentions });
  };
  return (
    <form
      aria-label={t('inbox.note.write')}
      onSubmit={event => {
        event.preventDefault();
        save();
      }}
      className="note-paper note-paper-writing"
    >
      {modes}
      <NoteField
        ref={area}
        conversation={conversation}
        value={text}
        label={t('inbox.note.write')}
        onText={written => writeDraft(place, { text: written })}
        onSave={save}
        onClose={onClose}
      />
      <div className="flex items-center gap-2 px-2 pt-1 pb-2">
        <span className="flex-1 ps-1.5 text-12 text-muted">{t('inbox.note.hint')}</span>
        <Button type="submit" size="small" kind="primary" busy={create.isPending}>
          {t('inbox.note.add')}
        </Button>
      </div>
    </form>
  );
}
