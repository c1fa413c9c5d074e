// A message that is on its way from this browser: it rises out of the composer, and says why it has not left.

import { FileText, Mic, Video } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Bubble } from '../../../components/bubble.tsx';
import { LinkButton } from '../../../components/button.tsx';
import { Tick } from '../../../components/tick.tsx';
import { useBytes } from '../../../kit/bytes.ts';
import { useFormat } from '../../../kit/format.ts';
import { useConnection } from '../../../kit/live.ts';
import { useObjectUrl } from '../../../kit/object-url.ts';
import { toast } from '../../../kit/toasts.ts';
import { useSecondsLeft } from '../../../kit/use-seconds-left.ts';
import { isForTemplate } from '../../../words/failure.ts';
import { Text } from '../thread/content/text.tsx';
import type { OutgoingMessage } from './outgoing.ts';

interface Props {
  outgoing: OutgoingMessage;
  /** Puts it back into the composer. */
  onEdit: (outgoing: OutgoingMessage) => void;
  /** Opens the templates; undefined where none can be sent. */
  onTemplates: (() => void) | undefined;
}

export function OutgoingBubble(props: Props) {
  const { t } = useTranslation();
  const { outgoing } = props;
  const { createdAt, state, file } = outgoing;
  return (
    <div data-rise className="contents">
      <Bubble
        ours
        who={t('composer.quoteYou')}
        at={createdAt}
        status={state === 'failed' ? 'failed' : 'queued'}
        note={<Note {...props} />}
      >
        {file && <FileOf file={file} />}
        <Text isWhole={outgoing.content.type === 'text'} text={textOf(outgoing) ?? ''} />
        {file && state === 'sending' && outgoing.messageId === undefined && <Upload outgoing={outgoing} />}
      </Bubble>
    </div>
  );
}

function textOf({ content, message }: OutgoingMessage): string | null | undefined {
  if (content.type === 'text') return content.text.body;
  if (content.type === 'template') return message?.template?.text ?? content.template.name;
  if (content.type === 'image') return content.image.caption;
  if (content.type === 'video') return content.video.caption;
  if (content.type === 'document') return content.document.caption;
  return undefined;
}

/** A template and a recording have no words to edit; of a file this page must still have the content. */
export const canEdit = ({ content, file }: OutgoingMessage) =>
  content.type === 'text' || (file?.blob !== undefined && !file.voice);

/** Discards it, and offers to take that back. */
function useDiscard({ discard }: OutgoingMessage): () => void {
  const { t } = useTranslation();
  return () => {
    const act = discard();
    toast(t('composer.out.discarded'), 'success', { label: t('action.undo'), act });
  };
}

/** Why it has not left, and what to do about it. */
function Note({ outgoing, onEdit, onTemplates }: Props) {
  const { t } = useTranslation();
  const { state, error, errorCode, retry } = outgoing;
  const discard = useDiscard(outgoing);
  if (state === 'failed')
    return (
      <p role="alert" className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-0.5 text-13 text-danger">
        <span className="flex items-start gap-1.5">
          <Tick status="failed" />
          {t('composer.out.notSent', { why: error })}
        </span>
        {onTemplates && isForTemplate(errorCode) && (
          <LinkButton onClick={onTemplates}>{t('inbox.sendTemplate')}</LinkButton>
        )}
        {canEdit(outgoing) && <LinkButton onClick={() => onEdit(outgoing)}>{t('composer.out.edit')}</LinkButton>}
        <LinkButton onClick={retry}>
          {t(errorCode === 'conversation_changed' ? 'composer.clash.anyway' : 'composer.out.retry')}
        </LinkButton>
        <LinkButton onClick={discard}>{t('composer.out.discard')}</LinkButton>
      </p>
    );
  return <Waiting outgoing={outgoing} />;
}

/** Why it stays here for now, and when it leaves. */
function Waiting({ outgoing }: { outgoing: OutgoingMessage }) {
  const { t } = useTranslation();
  const connection = useConnection();
  const discard = useDiscard(outgoing);
  const { waits, isBehind, messageId, tryNow } = outgoing;
  if (messageId !== undefined) return null;
  const isOffline = connection === 'offline';
  if (!isOffline && !isBehind && !waits && connection !== 'lost') return null;
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-3 text-13 text-muted">
      {isOffline && t('composer.out.offline')}
      {!isOffline && isBehind && t('composer.out.behind')}
      {!isOffline && !isBehind && waits && <NextTry waits={waits} tryNow={tryNow} />}
      {!isOffline && !isBehind && !waits && t('composer.out.serverAway')}
      <LinkButton onClick={discard}>{t('composer.out.discard')}</LinkButton>
    </p>
  );
}

function NextTry({ waits, tryNow }: { waits: NonNullable<OutgoingMessage['waits']>; tryNow: () => void }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const seconds = useSecondsLeft(waits.until) ?? 0;
  return (
    <>
      <span>
        {t(`composer.out.${waits.why}`)}{' '}
        <span className="num">
          {seconds > 0 ? t('composer.out.again', { seconds: number(seconds) }) : t('composer.out.trying')}
        </span>
      </span>
      {seconds > 0 && <LinkButton onClick={tryNow}>{t('composer.out.tryNow')}</LinkButton>}
    </>
  );
}

/** "62 % of 3.1 MB, Stop" with its bar. */
function Upload({ outgoing }: { outgoing: OutgoingMessage }) {
  const { file, progress } = outgoing;
  const discard = useDiscard(outgoing);
  const { t } = useTranslation();
  const { share } = useFormat();
  const bytes = useBytes();
  const done = progress && progress.total > 0 ? progress.sent / progress.total : 0;
  return (
    <span className="mt-1.5 grid w-70 max-w-full gap-1 text-12 text-(--meta)">
      <span
        role="progressbar"
        aria-label={t('composer.out.uploading')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(done * 100)}
        className="block h-1 overflow-hidden rounded-full bg-track"
      >
        <span className="block h-full rounded-full bg-accent" style={{ inlineSize: `${done * 100}%` }} />
      </span>
      <span className="num flex items-center justify-between">
        {t('composer.out.upload', { percent: share(done), size: bytes(file?.size ?? 0) })}
        <LinkButton onClick={discard}>{t('composer.out.stop')}</LinkButton>
      </span>
    </span>
  );
}

const icons = { image: FileText, document: FileText, video: Video, audio: Mic };

function FileOf({ file }: { file: NonNullable<OutgoingMessage['file']> }) {
  const { t } = useTranslation();
  const bytes = useBytes();
  const url = useObjectUrl(file.kind === 'image' ? file.blob : undefined);
  if (url !== undefined)
    return (
      <img src={url} alt={file.name} className="mb-1 block max-h-75 w-75 max-w-full rounded-control object-cover" />
    );
  const Icon = icons[file.kind];
  return (
    <span className="mb-1 flex w-70 max-w-full items-center gap-3">
      <Icon size={20} strokeWidth={1.6} aria-hidden="true" className="text-(--meta)" />
      <span className="min-w-0 flex-1">
        <bdi className="cut block text-14 font-medium">{file.voice ? t('contentType.composer.audio') : file.name}</bdi>
        <span className="num block text-12 text-(--meta)">{bytes(file.size)}</span>
      </span>
    </span>
  );
}
