// The upload of a file for an import: its progress, why it was not taken, and the earlier import of the same file.
import { ApiError } from '@recado/client';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { earlierImport, openImport, uploadImport } from '../../../../data/imports.ts';
import { toast } from '../../../../kit/toasts.ts';
import type { Progress } from '../../../../kit/upload.ts';

export interface Chosen {
  file: Blob;
  name: string;
  /** Rows that were pasted. */
  isPasted: boolean;
}

export interface Sending extends Chosen {
  progress: Progress;
}

interface Upload {
  /** Undefined while nothing is on its way. */
  sending: Sending | undefined;
  /** Why it was not taken. */
  failed: { error: unknown; isPasted: boolean } | undefined;
  /** The same file was imported before. */
  repeated: (Chosen & { earlierId: string }) | undefined;
  start: (chosen: Chosen, again?: boolean) => Promise<void>;
  stop: () => void;
  forgetRepeated: () => void;
}

/** Uploads one file at a time, and opens its import. Leaving the page stops it. */
export function useUpload(): Upload {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [sending, setSending] = useState<Sending>();
  const [failed, setFailed] = useState<Upload['failed']>();
  const [repeated, setRepeated] = useState<Upload['repeated']>();
  const attempt = useRef<AbortController>(undefined);
  useEffect(() => () => attempt.current?.abort(), []);

  async function start(chosen: Chosen, again = false): Promise<void> {
    attempt.current?.abort();
    const mine = new AbortController();
    attempt.current = mine;
    setFailed(undefined);
    setRepeated(undefined);
    setSending({ ...chosen, progress: { sent: 0, total: chosen.file.size } });
    try {
      const onProgress = (progress: Progress) => !mine.signal.aborted && setSending({ ...chosen, progress });
      const { id } = await uploadImport({ ...chosen, again }, onProgress, { signal: mine.signal });
      await navigate({ to: '/contacts/import/$importId', params: { importId: id } });
    } catch (failure) {
      if (mine.signal.aborted) return;
      const openId = failure instanceof ApiError ? openImport(failure) : undefined;
      if (openId !== undefined) {
        toast(t('imports.upload.open'));
        return await navigate({ to: '/contacts/import/$importId', params: { importId: openId } });
      }
      const earlierId = failure instanceof ApiError ? earlierImport(failure) : undefined;
      if (earlierId === undefined) setFailed({ error: failure, isPasted: chosen.isPasted });
      else setRepeated({ ...chosen, earlierId });
    } finally {
      if (attempt.current === mine) setSending(undefined);
    }
  }

  return {
    sending,
    failed,
    repeated,
    start,
    stop: () => {
      attempt.current?.abort();
      setSending(undefined);
    },
    forgetRepeated: () => setRepeated(undefined),
  };
}
