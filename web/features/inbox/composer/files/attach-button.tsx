// Attaches files to a message or a note: by a button, or pasted.
import { Paperclip } from 'lucide-react';
import { type ChangeEvent, type ClipboardEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../../components/button.tsx';

export function AttachButton({ onFiles }: { onFiles: (files: Iterable<File>) => void }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const pick = ({ target }: ChangeEvent<HTMLInputElement>) => {
    onFiles([...(target.files ?? [])]);
    target.value = '';
  };
  return (
    <>
      <input ref={input} type="file" multiple hidden onChange={pick} />
      <IconButton
        icon={Paperclip}
        size="small"
        label={t('composer.files.attach')}
        onClick={() => input.current?.click()}
      />
    </>
  );
}

/** Attaches the files that are pasted. Programs for tables and texts put a picture beside their text, which stays a text. */
export function pasteFiles(event: ClipboardEvent, onFiles: (files: Iterable<File>) => void): void {
  const { files, types } = event.clipboardData;
  if (files.length === 0 || types.includes('text/plain')) return;
  event.preventDefault();
  onFiles(files);
}
