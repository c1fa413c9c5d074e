// The composer as a note: on its own paper, and with a button of its own, so that nobody takes it for a message.
import type { Conversation } from '@recado/client';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { createNote } from '../../../data/notes.ts';
import { useAction } from '../../../kit/use-action.ts';
import { useDraft, useWriteDraft } from '../composer/draft.ts';
import type { Attachments } from '../composer/files/use-attachments.ts';
import { NoteForm } from './note-form.tsx';

interface Props {
  conversation: Conversation;
  attachments: Attachments;
  /** Reply or note. */
  modes: ReactNode;
  onClose: () => void;
}

export function NoteCard({ conversation, attachments, modes, onClose }: Props) {
  const { t } = useTranslation();
  const { id } = conversation;
  // Apart from the reply: neither becomes the other.
  const place = `${id}.note`;
  const { text } = useDraft(place);
  const writeDraft = useWriteDraft();
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  const create = useAction({
    ...createNote,
    onDone: () => {
      writeDraft(place, { text: '' });
      attachments.clear();
    },
  });
  return (
    <NoteForm
      ref={area}
      conversation={conversation}
      label={t('inbox.note.write')}
      text={text}
      onText={written => writeDraft(place, { text: written })}
      attachments={attachments}
      isBusy={create.isPending}
      onSave={written => create.mutate({ conversationId: id, ...written })}
      onClose={onClose}
      className="note-paper note-paper-writing"
      head={modes}
      hint={t('inbox.note.hint')}
      buttons={
        <Button type="submit" size="small" kind="primary" busy={create.isPending}>
          {t('inbox.note.add')}
        </Button>
      }
    />
  );
}
