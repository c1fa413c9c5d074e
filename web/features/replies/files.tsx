// The files of a saved reply: uploaded when they are chosen.
import type { SavedReply } from '@recado/client';
import { mostReplyFiles } from '@recado/contract';
import { FileText, Paperclip, X } from 'lucide-react';
import { type ChangeEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../components/button.tsx';
import { useMay } from '../../data/me.ts';
import { useBytes } from '../../kit/bytes.ts';
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
  const bytes = useBytes();
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
        <span
          key={file.id}
          className="flex h-control items-center gap-2 rounded-control border border-border ps-2.5 pe-1 text-13"
        >
          <FileText size={16} strokeWidth={1.75} aria-hidden="true" className="flex-none text-muted" />
          <bdi className="cut">{file.filename ?? file.id}</bdi>
          {file.size !== null && <span className="num flex-none text-12 text-muted">{bytes(file.size)}</span>}
          <span className="flex-1" />
          <IconButton
            icon={X}
            size="small"
            label={t('composer.files.remove', { name: file.filename ?? file.id })}
            onClick={() => onChange(files.filter(({ id }) => id !== file.id))}
          />
        </span>
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
