// Pictures and videos of a conversation over the whole window: arrows go on, Escape closes.
import * as Radix from '@radix-ui/react-dialog';
import { useQueryClient } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../components/button.tsx';
import { messageKeys } from '../../../data/message-keys.ts';
import type { Stretch } from '../../../data/thread-cache.ts';
import { cx } from '../../../kit/class-names.ts';
import { useFormat } from '../../../kit/format.ts';
import { useReturnFocus } from '../../../kit/return-focus.ts';
import { useSenderName } from '../names.ts';
import { contentOf } from './address.ts';
import { openViewer } from './open.ts';
import { type Viewable, viewableOf } from './viewable.ts';

const look = cx(buttonLook('quiet'), 'size-10 px-0! text-muted hover:text-text');

interface Props {
  viewable: Viewable;
  among?: readonly Viewable[] | undefined;
  /** The name of the person. */
  name: string;
}

export function Viewer({ viewable, among, name }: Props) {
  const { t } = useTranslation();
  const { clock, day, number } = useFormat();
  const client = useQueryClient();
  const senderName = useSenderName();
  const { id, conversationId, file, isVideo, caption, by } = viewable;
  const loaded = client.getQueryData<Stretch>(messageKeys.thread(conversationId))?.messages;
  const all = among ?? loaded?.flatMap(message => viewableOf(message) ?? []) ?? [viewable];
  const at = all.findIndex(each => each.id === id);
  const returnFocus = useReturnFocus(true);
  const step = (by: 1 | -1) => all[at + by] && openViewer(all[at + by], among);
  const who = by === 'them' ? name : 'direction' in by ? senderName(by) : by.name;
  const title = `${who}, ${day(viewable.at)} ${clock(viewable.at)}`;
  const isRight = document.documentElement.dir === 'rtl';
  const forward = isRight ? 'ArrowLeft' : 'ArrowRight';
  const backward = isRight ? 'ArrowRight' : 'ArrowLeft';
  return (
    <Radix.Root open onOpenChange={open => !open && openViewer(undefined)}>
      <Radix.Portal>
        {/* Pictures are looked at in the dark. */}
        <div data-theme="dark" className="fixed inset-0 z-(--z-dialog) bg-canvas">
          <Radix.Content
            {...returnFocus}
            aria-describedby={undefined}
            onKeyDown={event => {
              if (event.key === forward) step(1);
              else if (event.key === backward) step(-1);
            }}
            className="flex h-full flex-col text-text outline-none"
          >
            <header className="flex min-h-bar items-center gap-2 px-4">
              <Radix.Title className="cut flex-1 text-14 font-medium">
                <bdi>{title}</bdi>
              </Radix.Title>
              {all.length > 1 && (
                <span className="num text-13">
                  {t('inbox.media.place', { at: number(at + 1), count: all.length, number: number(all.length) })}
                </span>
              )}
              <a
                href={contentOf(file.id)}
                download={file.filename ?? ''}
                aria-label={t('inbox.downloadFile')}
                title={t('inbox.downloadFile')}
                className={look}
              >
                <Download size={18} strokeWidth={1.75} aria-hidden="true" />
              </a>
              <button
                type="button"
                aria-label={t('action.close')}
                title={t('action.close')}
                onClick={() => openViewer(undefined)}
                className={look}
              >
                <X size={18} strokeWidth={1.75} aria-hidden="true" />
              </button>
            </header>
            <div className="relative grid min-h-0 flex-1 place-items-center px-2 pb-2 md:px-16">
              {isVideo ? (
                // biome-ignore lint/a11y/useMediaCaption: people send no captions
                <video key={file.id} src={contentOf(file.id)} controls autoPlay className="max-h-full max-w-full" />
              ) : (
                <img
                  key={file.id}
                  src={contentOf(file.id)}
                  alt={caption ?? title}
                  className="max-h-full max-w-full object-contain"
                />
              )}
              <Step label={t('inbox.media.previous')} icon={ChevronLeft} off={!all[at - 1]} onClick={() => step(-1)} />
              <Step
                label={t('inbox.media.next')}
                icon={ChevronRight}
                off={!all[at + 1]}
                onClick={() => step(1)}
                isNext
              />
            </div>
            {caption && (
              <p className="max-h-32 overflow-y-auto px-6 pb-5 text-center whitespace-pre-wrap">
                <bdi>{caption}</bdi>
              </p>
            )}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface StepProps {
  label: string;
  icon: typeof ChevronLeft;
  off: boolean;
  onClick: () => void;
  isNext?: boolean;
}

function Step({ label, icon: Icon, off, onClick, isNext = false }: StepProps) {
  if (off) return null;
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className={cx(look, 'absolute top-[calc(50%-20px)] bg-raised!', isNext ? 'end-3' : 'start-3')}
    >
      <Icon size={22} strokeWidth={1.75} className="flip" aria-hidden="true" />
    </button>
  );
}
