// The files that go with the next message or note, or why one cannot. Files of a message have captions.
import { CircleAlert, FileText, ImageOff, Music, Video, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../../components/button.tsx';
import { directionOf } from '../../../../components/field.tsx';
import { useBytes } from '../../../../kit/bytes.ts';
import { useObjectUrl } from '../../../../kit/object-url.ts';
import { focusReturned, hasMouse } from '../focus.ts';
import type { FileKind } from './kinds.ts';
import { useProblemWords } from './problem-words.ts';
import type { Attachment, Attachments } from './use-attachments.ts';

interface Props extends Pick<Attachments, 'attachments' | 'remove'> {
  label: string;
  /** Undefined where files have no captions. */
  setCaption?: Attachments['setCaption'] | undefined;
}

export function Tray({ label, attachments, remove, setCaption }: Props) {
  if (attachments.length === 0) return null;
  return (
    <ul aria-label={label} className="max-h-[30dvh] overflow-y-auto border-b border-border p-2">
      {attachments.map(each => (
        <Row
          key={each.id}
          attachment={each}
          onRemove={() => remove(each.id)}
          onCaption={setCaption && (caption => setCaption(each.id, caption))}
        />
      ))}
    </ul>
  );
}

interface RowProps {
  attachment: Attachment;
  onRemove: () => void;
  onCaption: ((caption: string) => void) | undefined;
}

function Row({ attachment: { file, verdict, caption, isFirst }, onRemove, onCaption }: RowProps) {
  const { t } = useTranslation();
  const bytes = useBytes();
  const problem = useProblemWords()(verdict);
  const input = useRef<HTMLInputElement>(null);
  // The next word that is typed is its caption, and goes to the text where it can have none.
  useEffect(() => {
    if (isFirst && hasMouse.matches) input.current?.focus();
  }, [isFirst]);
  const hasProblem = problem !== undefined;
  useEffect(() => {
    if (hasProblem) focusReturned();
  }, [hasProblem]);
  const isLargeImage = verdict?.kind === 'document' && /^(image|video)\//.test(file.type);
  return (
    <li className="flex items-center gap-3 px-1.5 py-1.5">
      <Thumb file={file} kind={verdict?.kind ?? 'document'} />
      <div className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)] gap-1">
        <span className="flex items-baseline gap-2 text-13">
          <bdi className="cut font-medium">{file.name}</bdi>
          <span className="num flex-none text-12 text-muted">
            {bytes(file.size)}
            {isLargeImage && !problem && ` · ${t('composer.files.asDocument')}`}
          </span>
        </span>
        {problem ? (
          <span role="alert" className="flex items-start gap-1.5 text-13 text-danger">
            <CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" className="mt-0.5" />
            {problem}
          </span>
        ) : (
          onCaption &&
          verdict?.kind !== 'audio' && (
            <input
              ref={input}
              dir={directionOf(caption)}
              aria-label={t('composer.files.captionOf', { name: file.name })}
              placeholder={t('composer.files.caption')}
              value={caption}
              maxLength={1024}
              onChange={({ target }) => onCaption(target.value)}
              className="h-control-s w-full min-w-0 rounded-control border border-line bg-surface px-2 text-13 placeholder:text-faint"
            />
          )
        )}
      </div>
      <IconButton icon={X} size="small" label={t('composer.files.remove', { name: file.name })} onClick={onRemove} />
    </li>
  );
}

const icons = { image: FileText, document: FileText, video: Video, audio: Music };

function Thumb({ file, kind }: { file: File; kind: FileKind }) {
  const url = useObjectUrl(file.type.startsWith('image/') ? file : undefined);
  const [isBroken, setBroken] = useState(false);
  const Icon = isBroken ? ImageOff : icons[kind];
  if (url !== undefined && !isBroken)
    return (
      <img
        src={url}
        alt=""
        onError={() => setBroken(true)}
        className="size-11 flex-none rounded-control bg-sunken object-cover"
      />
    );
  return (
    <span className="grid size-11 flex-none place-items-center rounded-control bg-sunken text-muted">
      <Icon size={20} strokeWidth={1.6} aria-hidden="true" />
    </span>
  );
}
