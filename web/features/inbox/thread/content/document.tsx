// A document: its kind, its name and its size. It is downloaded, never opened within the page.
import type { Message } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { captionOf, type File, fileOf } from '../../../../data/message-file.ts';
import { useBytes } from '../../../../kit/bytes.ts';
import { contentOf } from '../../media/address.ts';
import { endingOf } from './ending.ts';
import { FileState } from './file-state.tsx';
import { Text } from './text.tsx';

export function Document({ message }: { message: Message }) {
  const { t } = useTranslation();
  const file = fileOf(message);
  const caption = captionOf(message);
  const name = message.document?.filename ?? file?.filename ?? t('contentType.inbox.document');
  return (
    <>
      {file?.status === 'stored' ? (
        <DocumentLink file={file} name={name} />
      ) : (
        <>
          <bdi className="block text-14 font-medium">{name}</bdi>
          <FileState message={message} type="document" file={file} />
        </>
      )}
      {caption && <Text text={caption} />}
    </>
  );
}

/** The document, to be downloaded. */
export function DocumentLink({ file, name }: { file: File; name: string }) {
  const { t } = useTranslation();
  const bytes = useBytes();
  return (
    <a
      href={contentOf(file.id)}
      download={name}
      title={t('inbox.media.download', { name })}
      className="doc rounded-control no-underline"
    >
      <span className="ext" aria-hidden="true">
        {endingOf(name, file.mime_type)}
      </span>
      <span className="min-w-0 flex-1">
        <bdi className="cut block text-14 font-medium">{name}</bdi>
        <span className="num block text-12 text-(--meta)">{file.size !== null && bytes(file.size)}</span>
      </span>
    </a>
  );
}
