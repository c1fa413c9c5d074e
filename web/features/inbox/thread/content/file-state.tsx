// What stands in place of a file that is not here: on its way, failed, or too old.
import type { Message } from '@recado/client';
import type { FileType } from '@recado/contract';
import { CloudAlert, Download, ImageOff, Link2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../../../components/button.tsx';
import { recado } from '../../../../kit/client.ts';
import { useMay } from '../../../../kit/me.ts';
import { useAction } from '../../../../kit/use-action.ts';
import type { File } from '../../media/file.ts';
import { keyOf } from '../messages-cache.ts';

interface Props {
  message: Message;
  type: FileType;
  file: File | undefined;
}

/** Only where the file is not stored. */
export function FileState({ message, type, file }: Props) {
  const { t } = useTranslation();
  const mayRetry = useMay('messages.update') && message.direction === 'inbound';
  const retry = useAction({ act: (id: string) => recado.media.retry(id), changes: [keyOf(message.conversation_id)] });
  const kind = t(`contentType.inbox.${type}`);
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
  const state = file?.status === 'stored' || file === undefined ? 'gone' : file.status;
  const Icon = { pending: Download, failed: CloudAlert, expired: ImageOff, gone: ImageOff }[state];
  return (
    <span className="mb-1 flex items-start gap-2 text-14">
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 text-(--meta)" />
      <span>
        {t(`inbox.file.${state}`, { kind })}
        {state === 'failed' && file?.error && ` ${file.error.title} (${file.error.code}).`}{' '}
        {mayRetry && file && (state === 'failed' || state === 'expired') && (
          <LinkButton aria-busy={retry.isPending || undefined} onClick={() => retry.mutate(file.id)}>
            {t('inbox.file.retry')}
          </LinkButton>
        )}
      </span>
    </span>
  );
}
