// The composer of a conversation: a card to write in, or the templates where WhatsApp allows nothing else.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DropArea } from '../../../components/drop-area.tsx';
import { useMay } from '../../../data/me.ts';
import { useDraft } from './draft.ts';
import { useAttachments } from './files/use-attachments.ts';
import { focusComposer, focusOpened } from './focus.ts';
import { PresenceLine } from './presence-line.tsx';
import type { ComposerProps } from './props.ts';
import { TemplateCard } from './template-card.tsx';
import { useReturned } from './use-returned.ts';
import { hasWindow, useWindowOpen } from './use-window.ts';
import { WriteCard } from './write-card.tsx';

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
  useReturned(conversation, props.returned, attachments);
  /** A template although a text may be sent, or the other way round. */
  const [isPicking, setPicking] = useState(false);
  const [isTextAnyway, setTextAnyway] = useState(false);
  const [sent, setSent] = useState(0);
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
    setSent(sent + 1);
  }

  return (
    <div ref={root} data-composer data-pane className="flex-none px-2 pb-2 md:px-4 md:pb-4">
      <PresenceLine conversationId={conversation.id} text={text} />
      {isText ? (
        <WriteCard
          {...props}
          attachments={attachments}
          isOpen={isOpen}
          onTemplates={hasTemplates ? () => setPicking(true) : undefined}
        />
      ) : (
        <TemplateCard
          key={sent}
          conversation={conversation}
          account={account}
          isOpen={isOpen}
          // What is filled in stays when the person writes meanwhile.
          onTouched={() => setPicking(true)}
          onSent={afterTemplate}
          onClose={() => (isOpen ? setPicking(false) : setTextAnyway(true))}
        />
      )}
      {isText && mayUpload && <DropArea inside={root} words={t('composer.files.drop')} onFiles={attachments.add} />}
    </div>
  );
}
