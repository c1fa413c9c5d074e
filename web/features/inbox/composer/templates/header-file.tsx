// The picture, video or document at the head of a template: chosen, checked and uploaded before it is sent.
import { useQuery } from '@tanstack/react-query';
import { Paperclip, X } from 'lucide-react';
import { type ChangeEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../../../components/button.tsx';
import type { HeaderFile, HeaderKind } from '../../../../components/message/template-shape.ts';
import { mediaCapabilitiesQuery } from '../../../../data/media.ts';
import { useFormat } from '../../../../kit/format.ts';
import { type Progress, upload } from '../../../../kit/upload.ts';
import { useErrorWords } from '../../../../kit/use-action.ts';
import { type FileKind, verdictOn } from '../files/kinds.ts';
import { useProblemWords } from '../files/problem-words.ts';

export interface ChosenFile extends HeaderFile {
  blob: File;
}

interface Props {
  kind: HeaderKind;
  chosen: HeaderFile | undefined;
  /** Nothing was chosen, and something must be. */
  missing: boolean;
  onChosen: (file: ChosenFile | undefined) => void;
}

const accepts: Record<HeaderKind, string | undefined> = { image: 'image/*', video: 'video/*', document: undefined };

export function HeaderFileField({ kind, chosen, missing, onChosen }: Props) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const { begin, progress, error } = useUpload(kind, onChosen);
  const { share } = useFormat();
  const words = error ?? (missing ? t('form.missing') : undefined);
  const pick = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (file) begin(file);
    target.value = '';
  };
  return (
    <div className="grid gap-1">
      <span className="text-12 text-muted">{t(`composer.files.kind.${kind}`)}</span>
      <input ref={input} type="file" hidden accept={accepts[kind]} onChange={pick} />
      {chosen ? (
        <span className="flex h-control items-center gap-2 rounded-control border border-line ps-2.5 pe-1">
          <bdi className="cut flex-1">{chosen.filename}</bdi>
          <IconButton
            icon={X}
            size="small"
            label={t('composer.files.remove', { name: chosen.filename })}
            onClick={() => onChosen(undefined)}
          />
        </span>
      ) : (
        <Button kind="line" icon={Paperclip} busy={progress !== undefined} onClick={() => input.current?.click()}>
          {progress ? share(progress.sent / Math.max(1, progress.total)) : t(`composer.template.choose.${kind}`)}
        </Button>
      )}
      {words !== undefined && (
        <p role="alert" className="text-13 text-danger">
          {words}
        </p>
      )}
    </div>
  );
}

/** Checks a file, uploads it, and says what was wrong. */
function useUpload(kind: HeaderKind, onChosen: Props['onChosen']) {
  const { t } = useTranslation();
  const { data: capabilities } = useQuery(mediaCapabilitiesQuery);
  const problemWords = useProblemWords();
  const errorWords = useErrorWords();
  const [progress, setProgress] = useState<Progress>();
  const [error, setError] = useState<string>();
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);

  async function run(file: File): Promise<void> {
    const verdict = capabilities && verdictOn(file, capabilities);
    const isOther = verdict !== undefined && kind !== 'document' && verdict.kind !== kind;
    const problem = isOther ? t('composer.template.otherKind', { kind: kindWord(kind) }) : problemWords(verdict);
    setError(problem);
    if (problem !== undefined) return;
    const controller = new AbortController();
    stop.current = controller;
    setProgress({ sent: 0, total: file.size });
    try {
      const { id } = await upload({ file, filename: file.name, kind }, setProgress, { signal: controller.signal });
      onChosen({ id, filename: file.name, blob: file });
    } catch (failure) {
      if (!controller.signal.aborted) setError(errorWords(failure));
    } finally {
      setProgress(undefined);
    }
  }

  const kindWord = (of: FileKind) => t(`composer.files.kind.${of}`);
  return { begin: (file: File) => void run(file), progress, error };
}
