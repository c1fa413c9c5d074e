// The files of a conversation or of a person, the newest first.
import type { Message } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Files as FilesIcon, type LucideIcon, Music, Play } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { More } from '../../../components/list-table.tsx';
import { Answer, Empty, SkeletonRows } from '../../../components/states.tsx';
import { type File, fileOf } from '../../../data/message-file.ts';
import { filesQuery } from '../../../data/messages.ts';
import { useBytes } from '../../../kit/bytes.ts';
import { useFormat } from '../../../kit/format.ts';
import { useDayWords } from '../days.ts';
import { contentOf, thumbnailOf } from '../media/address.ts';
import { openViewer } from '../media/open.ts';
import { type Viewable, viewableOf } from '../media/viewable.ts';
import { useSenderName } from '../names.ts';
import { endingOf } from '../thread/content/ending.ts';
import { FileState } from '../thread/content/file-state.tsx';

interface Props {
  of: { conversation_id: string } | { contact_id: string };
  /** The name of the person. */
  name: string;
}

export function FileList({ of, name }: Props) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(filesQuery(of));
  return (
    <Answer query={list} failed={t('inbox.files.failed')} skeleton={<SkeletonRows rows={3} />}>
      {({ rows }) => {
        const shown = rows.filter(({ revoked_at }) => revoked_at === null);
        if (shown.length === 0)
          return (
            <Empty icon={FilesIcon} title={t('inbox.files.empty')}>
              {t('inbox.files.emptyWords')}
            </Empty>
          );
        const among = shown.flatMap(message => viewableOf(message) ?? []).reverse();
        return (
          <div className="grid gap-2 p-2">
            <ul className="grid grid-cols-[minmax(0,1fr)]" aria-label={t('inbox.side.files')}>
              {shown.map(message => (
                <li key={message.id}>
                  <FileRow message={message} name={name} among={among} />
                </li>
              ))}
            </ul>
            <div className="px-2">
              <More list={list} />
            </div>
          </div>
        );
      }}
    </Answer>
  );
}

const rowLook =
  'flex w-full min-w-0 items-center gap-3 rounded-control px-2 py-1.5 text-start text-text no-underline hover:bg-hover focus-visible:outline-offset-[-2px]';

function FileRow({ message, name, among }: { message: Message; name: string; among: readonly Viewable[] }) {
  const { t } = useTranslation();
  const { exact } = useFormat();
  const days = useDayWords();
  const bytes = useBytes();
  const senderName = useSenderName();
  const file = fileOf(message);
  const type = message.type === 'audio' && message.audio?.voice ? 'voice' : message.type;
  const title = message.document?.filename ?? file?.filename ?? t(`contentType.inbox.${type}`);
  const who = message.direction === 'outbound' ? senderName(message) : name;
  const facts = [who, days.short(message.created_at), ...(file?.size == null ? [] : [bytes(file.size)])];
  const words = (
    <span className="grid min-w-0 flex-1">
      <bdi className="cut font-medium">{title}</bdi>
      <span className="num cut text-12 text-muted" title={exact(message.created_at)}>
        {facts.map((fact, index) => (
          <Fragment key={fact}>
            {index > 0 && ' · '}
            <bdi>{fact}</bdi>
          </Fragment>
        ))}
      </span>
    </span>
  );
  if (file?.status !== 'stored')
    return (
      <div className="grid gap-1 px-2 py-1.5 text-muted">
        {words}
        {isFileType(message.type) && <FileState message={message} type={message.type} file={file} />}
      </div>
    );
  const viewable = viewableOf(message);
  if (viewable)
    return (
      <button type="button" onClick={() => openViewer(viewable, among)} className={rowLook}>
        <Thumbnail message={message} file={file} />
        {words}
      </button>
    );
  return (
    <a
      href={contentOf(file.id)}
      download={title}
      title={t('inbox.media.download', { name: title })}
      className={rowLook}
    >
      {message.type === 'audio' ? (
        <Square icon={Music} />
      ) : (
        <Square>
          <span className="text-12 font-medium">{endingOf(title, file.mime_type)}</span>
        </Square>
      )}
      {words}
    </a>
  );
}

const isFileType = (type: Message['type']): type is 'image' | 'video' | 'audio' | 'document' =>
  type === 'image' || type === 'video' || type === 'audio' || type === 'document';

function Thumbnail({ message, file }: { message: Message; file: File }) {
  if (message.type === 'video' && !file.has_thumbnail) return <Square icon={Play} />;
  return (
    <Square>
      <img
        src={file.has_thumbnail ? thumbnailOf(file.id) : contentOf(file.id)}
        alt=""
        loading="lazy"
        decoding="async"
        className="size-full object-cover"
      />
    </Square>
  );
}

const Square = ({ icon: Icon, children }: { icon?: LucideIcon; children?: ReactNode }) => (
  <span
    aria-hidden="true"
    className="grid size-11 flex-none place-items-center overflow-hidden rounded-control bg-sunken text-muted"
  >
    {Icon ? <Icon size={18} strokeWidth={1.75} /> : children}
  </span>
);
