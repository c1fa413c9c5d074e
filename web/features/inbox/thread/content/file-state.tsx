// What stands in place of a file that is not here: on its way, failed, or too old.

import type { Message } from '@recado/client';
import type { FileType } from '@recado/contract';
import { CloudAlert, Download, ImageOff, Link2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../../../components/button.tsx';
import { useMay } from '../../../../data/me.ts';
import { retryMedia } from '../../../../data/media.ts';
import type { File } from '../../../../data/message-file.ts';
import { useAction } from '../../../../kit/use-action.ts';

interface Props {
  message: Message;
  type: FileType;
  file: File | undefined;
}

/** Only where the file is not stored. */
export function FileState({ message, type, file }: Props) {
  const { t } = useTranslation();
  const mayRetry = useMay('messages.update') && message.direction === 'inbound';
  const retry = useAction(retryMedia);
  const link = message[type]?.link;
  if (link)
    return (
      <span className="mb-1 flex items-center gap-2 text-14">
        <Link2 size={16} strokeWidth={1.75} aria-hidden="true" className="text-(--meta)" />
        <a href={link} target="_blank" rel="noreferrer noopener" className="link cut underline underline-offset-3">
          <bdi>{link}</bdi>
        </a>
      </span>
    );
  return (
    <MissingFile kind={type} file={file}>
      {mayRetry && file && (file.status === 'failed' || file.status === 'expired') && (
        <LinkButton
          aria-busy={retry.isPending || undefined}
          onClick={() => retry.mutate({ id: file.id, conversation_id: message.conversation_id })}
        >
          {t('inbox.file.retry')}
        </LinkButton>
      )}
    </MissingFile>
  );
}

interface MissingProps {
  kind: FileType;
  file: File | undefined;
  /** The next step. */
  children?: ReactNode;
}

/** Why a file is not here. */
export function MissingFile({ kind, file, children }: MissingProps) {
  const { t } = useTranslation();
  const state = file?.status === 'stored' || file === undefined ? 'gone' : file.status;
  const Icon = { pending: Download, failed: CloudAlert, expired: ImageOff, gone: ImageOff }[state];
  return (
    <span className="mb-1 flex items-start gap-2 text-14">
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 text-(--meta)" />
      <span>
        {t(`inbox.file.${state}`, { kind: t(`contentType.inbox.${kind}`) })}
        {state === 'failed' && file?.error && ` ${file.error.title} (${file.error.code}).`} {children}
      </span>
    </span>
  );
}
