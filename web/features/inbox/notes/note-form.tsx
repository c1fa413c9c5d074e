// The form of a note, new or edited: its text, its files and its buttons.
import type { Conversation } from '@recado/client';
import { type ReactNode, type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { AttachButton } from '../composer/files/attach-button.tsx';
import { Tray } from '../composer/files/tray.tsx';
import type { Attachments } from '../composer/files/use-attachments.ts';
import { mentionedIn } from './mentions.ts';
import { NoteField, useMentionable } from './note-field.tsx';

/** As the server has it. */
const mostFiles = 5;

/** A note as it is saved. */
export interface Written {
  body: string;
  mentions: string[];
  files: File[];
  onShare: (share: number) => void;
}

interface Props {
  conversation: Pick<Conversation, 'account_id'>;
  label: string;
  text: string;
  onText: (text: string) => void;
  attachments: Attachments;
  /** How many files the note has already. */
  kept?: number;
  isBusy: boolean;
  onSave: (written: Written) => void;
  onClose: () => void;
  className: string;
  /** Above the text. */
  head?: ReactNode;
  hint: ReactNode;
  buttons: ReactNode;
  ref: Ref<HTMLTextAreaElement>;
}

export function NoteForm({ conversation, text, attachments, kept = 0, isBusy, ref, ...props }: Props) {
  const { t } = useTranslation();
  const { number, share: shareOf } = useFormat();
  const mayUpload = useMay('media.create');
  const { able, strangers } = useMentionable(conversation);
  const [share, setShare] = useState(0);
  const files = attachments.attachments.filter(({ verdict }) => verdict?.problem === undefined).map(({ file }) => file);
  const isTooMany = kept + files.length > mostFiles;
  const isEmpty = text.trim() === '' && kept + files.length === 0;
  const save = () => {
    if (isEmpty || isTooMany || isBusy || mentionedIn(text, strangers).length > 0) return;
    setShare(0);
    props.onSave({
      body: text.trim(),
      mentions: mentionedIn(text, able).map(person => person.id),
      files,
      onShare: setShare,
    });
  };
  return (
    <form
      aria-label={props.label}
      onSubmit={event => {
        event.preventDefault();
        save();
      }}
      className={props.className}
    >
      {props.head}
      <Tray label={t('inbox.note.files')} attachments={attachments.attachments} remove={attachments.remove} />
      <NoteField
        ref={ref}
        conversation={conversation}
        value={text}
        label={props.label}
        onText={props.onText}
        onSave={save}
        onClose={props.onClose}
        onFiles={mayUpload ? attachments.add : undefined}
      />
      <p role="status" className="px-3.5 text-13 text-danger empty:hidden">
        {isTooMany && t('inbox.note.tooManyFiles', { most: number(mostFiles) })}
      </p>
      <div className="flex items-center gap-2 px-2 pt-1 pb-2">
        {mayUpload && <AttachButton onFiles={attachments.add} />}
        <span role="status" className="flex-1 ps-1.5 text-12 text-muted">
          {isBusy && files.length > 0 ? t('inbox.note.uploading', { share: shareOf(share) }) : props.hint}
        </span>
        {props.buttons}
      </div>
    </form>
  );
}
