// The composer of a conversation: a card to write in, or the templates where WhatsApp allows nothing else.
import { Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Segments } from '../../../components/choose.tsx';
import { DropArea } from '../../../components/drop-area.tsx';
import { useMay } from '../../../data/me.ts';
import { useIsTeam } from '../../../data/people.ts';
import { useHotkeys } from '../../../kit/hotkeys.ts';
import { lazyPart } from '../../../kit/lazy.ts';
import { useDraft } from './draft.ts';
import { useAttachments } from './files/use-attachments.ts';
import { focusComposer, focusOpened } from './focus.ts';
import { PresenceLine } from './presence-line.tsx';
import type { ComposerProps } from './props.ts';
import type { Offer } from './replies/of-conversation.ts';
import { TemplateCard } from './template-card.tsx';
import { useReturned } from './use-returned.ts';
import { hasWindow, useWindowOpen } from './use-window.ts';
import { WriteCard } from './write-card.tsx';

const NoteCard = lazyPart(() => import('../notes/note-card.tsx'), 'NoteCard');

export function Composer(props: ComposerProps) {
  const { t } = useTranslation();
  const may = useMay('messages.create');
  if (may) return <Writing key={props.conversation.id} {...props} />;
  return (
    <div className="flex-none px-2 pb-3 md:px-4 md:pb-4">
      <PresenceLine conversationId={props.conversation.id} text="" />
      <p className="text-center text-13 text-muted">{t('composer.mayNot')}</p>
    </div>
  );
}

function Writing(props: ComposerProps) {
  const { t } = useTranslation();
  const { conversation, account } = props;
  const hasTemplates = account?.capabilities.templates ?? true;
  const isOpen = useWindowOpen(conversation) || !hasWindow(account);
  const mayUpload = useMay('media.create');
  const { text } = useDraft(conversation.id);
  const attachments = useAttachments();
  // Apart from those of the reply: neither becomes the other.
  const noteFiles = useAttachments();
  useReturned(conversation, props.returned, attachments);
  /** A template although a text may be sent, or the other way round. */
  const [isPicking, setPicking] = useState(false);
  const [isTextAnyway, setTextAnyway] = useState(false);
  /** A saved reply that chose a template. */
  const [offer, setOffer] = useState<Offer>();
  /** Grows when the choice of a template begins anew. */
  const [round, setRound] = useState(0);
  const isTeam = useIsTeam();
  const mayNote = useMay('notes.write') && isTeam;
  const [isNote, setNote] = useState(false);
  const write = (asNote: boolean) => {
    setNote(asNote);
    requestAnimationFrame(focusComposer);
  };
  useHotkeys({ ...(mayNote && { note: () => write(true) }) });
  const root = useRef<HTMLDivElement>(null);
  const isText = isOpen ? !isPicking : isTextAnyway;
  useEffect(focusOpened, []);
  const { templatesFor } = props;
  useEffect(() => {
    if (templatesFor?.id !== conversation.id) return;
    setPicking(true);
    setTextAnyway(false);
    requestAnimationFrame(focusComposer);
  }, [templatesFor, conversation.id]);

  function afterTemplate(): void {
    setPicking(false);
    setOffer(undefined);
    setRound(round + 1);
  }

  function take(next: Offer): void {
    setOffer(next);
    setRound(round + 1);
    setTextAnyway(false);
    setPicking(true);
  }

  function leaveTemplates(): void {
    setOffer(undefined);
    if (isOpen) setPicking(false);
    else setTextAnyway(true);
  }

  const modes = mayNote && (
    <div className="flex items-center gap-2 px-2 pt-2">
      <Segments
        label={t('composer.mode.label')}
        value={isNote ? 'note' : 'reply'}
        options={(['reply', 'note'] as const).map(value => ({ value, label: t(`composer.mode.${value}`) }))}
        onChange={value => write(value === 'note')}
      />
      {isNote && <span className="text-12 text-muted">{t('inbox.note.onlyTeam')}</span>}
    </div>
  );

  return (
    <div ref={root} data-composer data-pane className="flex-none px-2 pb-2 md:px-4 md:pb-4">
      <PresenceLine conversationId={conversation.id} text={text} />
      {isNote && (
        <Suspense fallback={null}>
          <NoteCard conversation={conversation} attachments={noteFiles} modes={modes} onClose={() => write(false)} />
        </Suspense>
      )}
      {!isNote && !isText && modes}
      {isNote ? null : isText ? (
        <WriteCard
          {...props}
          attachments={attachments}
          isOpen={isOpen}
          modes={modes}
          onOffer={take}
          onTemplates={hasTemplates ? () => setPicking(true) : undefined}
        />
      ) : (
        <TemplateCard
          key={round}
          conversation={conversation}
          account={account}
          isOpen={isOpen}
          offer={offer}
          onOffer={take}
          // Filled-in values stay when the person writes meanwhile.
          onTouched={() => setPicking(true)}
          onSent={afterTemplate}
          onClose={leaveTemplates}
        />
      )}
      {(isText || isNote) && mayUpload && (
        <DropArea inside={root} words={t('composer.files.drop')} onFiles={isNote ? noteFiles.add : attachments.add} />
      )}
    </div>
  );
}
