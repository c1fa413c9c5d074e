import { importLimits } from '@recado/contract';
import { CircleAlert, FileUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../../components/button.tsx';
import { DropArea } from '../../../../components/drop-area.tsx';
import { Progress } from '../../../../components/gauge.tsx';
import { Card, CardBody, CardHead } from '../../../../components/surfaces.tsx';
import { useBytes } from '../../../../kit/bytes.ts';
import { useFormat } from '../../../../kit/format.ts';
import { useUploadError } from './upload-words.ts';
import type { Sending, useUpload } from './use-upload.ts';

/** Said in round megabytes: the limit is a power of two. */
const saidBytes = Math.floor(importLimits.bytes / 1024 ** 2) * 1000 ** 2;

/** Takes a file that is chosen, or dropped anywhere on the page. */
export function FileCard({ upload: { sending, failed, start, stop } }: { upload: ReturnType<typeof useUpload> }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const bytes = useBytes();
  const area = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  /** Why a file is not even sent. */
  const [refused, setRefused] = useState<string>();
  const failure = useUploadError(failed?.isPasted === false ? failed.error : undefined);
  const wrong = refused ?? failure;

  function take(files: FileList | null): void {
    const [file] = files ?? [];
    if (!file) return;
    const problem =
      (files?.length ?? 0) > 1
        ? t('imports.upload.oneFile')
        : file.size > importLimits.bytes
          ? t('imports.upload.tooLarge', { size: bytes(file.size), most: bytes(saidBytes) })
          : undefined;
    setRefused(problem);
    if (problem === undefined) void start({ file, name: file.name, isPasted: false });
  }

  return (
    <Card ref={area}>
      <CardHead title={t('imports.upload.title')} />
      <CardBody>
        {sending ? (
          <SendingLine sending={sending} onStop={stop} />
        ) : (
          <div className="grid justify-items-center gap-3 rounded-card border border-dashed border-line px-4 py-8 text-center text-muted">
            <FileUp size={20} strokeWidth={1.6} className="text-faint" aria-hidden="true" />
            <p>{t('imports.upload.words')}</p>
            <Button kind="primary" onClick={() => input.current?.click()}>
              {t('imports.upload.choose')}
            </Button>
            <p className="max-w-[60ch] text-13">
              {t('imports.upload.limits', {
                size: bytes(saidBytes),
                rows: number(importLimits.rows),
                columns: number(importLimits.columns),
              })}
            </p>
            {wrong !== undefined && (
              <p role="alert" className="flex max-w-[76ch] gap-1.5 text-start text-13 text-danger">
                <CircleAlert size={16} strokeWidth={1.75} className="mt-0.5 flex-none" aria-hidden="true" />
                <span>
                  {t('imports.upload.failed')} {wrong}
                </span>
              </p>
            )}
          </div>
        )}
        <input
          ref={input}
          type="file"
          accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
          aria-label={t('imports.upload.choose')}
          tabIndex={-1}
          className="sr-only"
          onChange={({ target }) => {
            take(target.files);
            // The same file again is a change too.
            target.value = '';
          }}
        />
      </CardBody>
      {!sending && <DropArea inside={area} words={t('imports.upload.drop')} onFiles={take} />}
    </Card>
  );
}

function SendingLine({ sending: { name, progress }, onStop }: { sending: Sending; onStop: () => void }) {
  const { t } = useTranslation();
  const bytes = useBytes();
  const { sent, total } = progress;
  const label = t('imports.upload.sending', { name });
  const isAll = total > 0 && sent >= total;
  return (
    <div className="grid gap-2 py-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <span role="status" className="min-w-0">
          <bdi className="cut font-medium">{label}</bdi>
          <span className="num text-13 text-muted">
            {isAll ? t('imports.upload.reading') : t('imports.upload.sent', { sent: bytes(sent), total: bytes(total) })}
          </span>
        </span>
        <Button kind="line" size="small" onClick={onStop}>
          {t('imports.upload.stop')}
        </Button>
      </div>
      <Progress share={total > 0 ? sent / total : 0} label={label} />
    </div>
  );
}
