// The files of a saved reply: uploaded when they are chosen.
import type { SavedReply } from '@recado/client';
import { mostReplyFiles } from '@recado/contract';
import { Paperclip } from 'lucide-react';
import { type ChangeEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { FileChip } from '../../components/file-chip.tsx';
import { useMay } from '../../data/me.ts';
import { useFormat } from '../../kit/format.ts';
import { type Progress, upload } from '../../kit/upload.ts';
import { useErrorWords } from '../../kit/use-action.ts';

export type ReplyFile = SavedReply['files'][number];

interface Props {
  files: readonly ReplyFile[];
  onChange: (files: readonly ReplyFile[]) => void;
}

export function ReplyFiles({ files, onChange }: Props) {
  const { t } = useTranslation();
  const { number, share } = useFormat();
  const words = useErrorWords();
  const mayUpload = useMay('media.create');
  const input = useRef<HTMLInputElement>(null);
  const [progress, setProgress] = useState<Progress>();
  const [error, setError] = useState<string>();

  async function add(file: File): Promise<void> {
    setError(undefined);
    setProgress({ sent: 0, total: file.size });
    try {
      const { id, filename, kind, mime_type, size } = await upload({ file, filename: file.name }, setProgress, {});
      onChange([...files, { id, filename, kind, mime_type, size }]);
    } catch (failure) {
      setError(words(failure));
    } finally {
      setProgress(undefined);
    }
  }

  const pick = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (file) void add(file);
    target.value = '';
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
      <span className="text-13 font-medium">{t('replies.files')}</span>
      {files.map(file => (
        <FileChip key={file.id} file={file} onRemove={() => onChange(files.filter(({ id }) => id !== file.id))} />
      ))}
      {mayUpload && files.length < mostReplyFiles && (
        <div>
          <input ref={input} type="file" hidden onChange={pick} />
          <Button kind="line" icon={Paperclip} busy={progress !== undefined} onClick={() => input.current?.click()}>
            {progress ? share(progress.sent / Math.max(1, progress.total)) : t('replies.attach')}
          </Button>
        </div>
      )}
      <p className={error ? 'text-13 text-danger' : 'text-13 text-muted'} role={error ? 'alert' : undefined}>
        {error ?? t('replies.filesHint', { used: number(files.length), most: number(mostReplyFiles) })}
      </p>
    </div>
  );
}
