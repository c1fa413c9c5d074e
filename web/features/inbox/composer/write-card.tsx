// The card to write in: the text with the message it quotes, its files, and its tools.
import { LayoutTemplate, MessageSquareText, Mic, Smile } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, Suspense, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/button.tsx';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { useMay } from '../../../data/me.ts';
import { useEnterSends } from '../../../kit/enter-key.ts';
import { hotkeyAt, modName } from '../../../kit/hotkeys.ts';
import { lazyPart } from '../../../kit/lazy.ts';
import { toast } from '../../../kit/toasts.ts';
import { useOpenNextUnread } from '../next-unread.ts';
import { Collision, CollisionActions } from './collision.tsx';
import { AttachButton, pasteFiles } from './files/attach-button.tsx';
import { Tray } from './files/tray.tsx';
import type { Attachments } from './files/use-attachments.ts';
import { focusReturned, insert, leaveComposer } from './focus.ts';
import { Length, mostLetters } from './length.tsx';
import { useShortName } from './name.ts';
import type { ComposerProps } from './props.ts';
import { QuoteLine } from './quote-line.tsx';
import { BlankLine } from './replies/blank-line.tsx';
import { blanksIn } from './replies/blanks.ts';
import { BlankMarks } from './replies/marks.tsx';
import type { Offer } from './replies/of-conversation.ts';
import { useReplies } from './replies/use-replies.ts';
import { SendButton } from './send-button.tsx';
import { TextArea } from './text-area.tsx';
import { useComposition } from './use-composition.ts';
import { useShowTyping } from './use-show-typing.ts';
import { hasWindow } from './use-window.ts';

const Recorder = lazyPart(() => import('./voice/recorder.tsx'), 'Recorder');
const RepliesPanel = lazyPart(() => import('./replies/panel.tsx'), 'RepliesPanel');
const EmojiPicker = lazyPart(() => import('./emoji/picker.tsx'), 'EmojiPicker');

interface Props extends ComposerProps {
  attachments: Attachments;
  /** Whether the 24-hour window is open. */
  isOpen: boolean;
  /** Reply or note; undefined where there are no notes. */
  modes: ReactNode;
  /** A saved reply offers its template, as the window is closed. */
  onOffer: (offer: Offer) => void;
  /** Undefined: the channel has no templates. */
  onTemplates: (() => void) | undefined;
}

export function WriteCard({ attachments, isOpen, modes, onOffer, onTemplates, ...props }: Props) {
  const { t } = useTranslation();
  const { conversation } = props;
  const mayUpload = useMay('media.create');
  const area = useRef<HTMLTextAreaElement>(null);
  const [isRecording, setRecording] = useState(false);
  const focus = () => area.current?.focus();
  const { draft, change, letters, isEmpty, submit, submitVoice } = useComposition({
    ...props,
    attachments,
    onQuote: focus,
  });
  const replies = useReplies({ ...props, area, attachments, onOffer: isOpen ? undefined : onOffer });
  const blanks = blanksIn(draft.text);
  /** What is sent once somebody is sure: a variable is left in the text. */
  const [unsure, setUnsure] = useState<{ act: () => void }>();
  const sure = (act: () => void) => (blanks.length > 0 ? setUnsure({ act }) : act());
  const isTooLong = letters > mostLetters;
  const lengthId = useId();
  const typing = useShowTyping(conversation.id, isOpen, draft.text);
  const enterSends = useEnterSends();
  const openNext = useOpenNextUnread();
  const name = useShortName(conversation);
  // The templates or the recorder stood here.
  useEffect(() => {
    if (!isRecording) focusReturned();
  }, [isRecording]);

  function endReply(): void {
    change({ quote: undefined });
    props.onReplyEnd();
    focus();
  }

  const mayClose = useMay('messages.update');

  function send(goesOn = false, closes = false): void {
    focus();
    if (isEmpty || isTooLong) return;
    sure(() => {
      submit(undefined, closes);
      if (goesOn) void openNext(conversation.id);
    });
  }

  /** Takes back what was not sent, with what it quotes; the answer of the toast brings it back. */
  function drop(): void {
    const { text, quote } = draft;
    change({ text: '', quote: undefined, came: undefined });
    attachments.clear();
    focus();
    toast(t('composer.out.discarded'), 'success', { label: t('action.undo'), act: () => change({ text, quote }) });
  }

  function press(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (replies.press(event)) return;
    const name = hotkeyAt('writing', event);
    if (name === 'sendClose' && mayClose) {
      event.preventDefault();
      send(false, true);
    }
    if (name !== 'toList') return;
    if (draft.quote) endReply();
    else leaveComposer();
  }

  if (isRecording)
    return (
      <Suspense fallback={null}>
        <Recorder onSend={submitVoice} onEnd={() => setRecording(false)} />
      </Suspense>
    );
  return (
    <>
      <form
        aria-label={t('composer.title')}
        onSubmit={event => {
          event.preventDefault();
          send();
        }}
        className="@container relative rounded-card border border-line bg-surface has-[textarea:focus]:outline-2 has-[textarea:focus]:-outline-offset-1 has-[textarea:focus]:outline-focus"
      >
        {replies.isOpen && (
          <Suspense fallback={null}>
            <RepliesPanel replies={replies} name={name} closedAccount={isOpen ? undefined : props.account} />
          </Suspense>
        )}
        {draft.came && <Collision conversation={conversation} came={draft.came} />}
        {modes}
        {draft.quote && <QuoteLine quote={draft.quote} name={name} onRemove={endReply} />}
        <Tray {...attachments} label={t('composer.files.label')} />
        <div className="relative">
          <BlankMarks text={draft.text} blanks={blanks} area={area} />
          <TextArea
            ref={area}
            value={draft.text}
            onText={text => {
              change({ text });
              replies.look();
            }}
            enterSends={enterSends}
            onSend={send}
            onPaste={event => mayUpload && pasteFiles(event, attachments.add)}
            onKeyDown={press}
            onSelect={replies.look}
            aria-label={t('composer.writeTo', { name })}
            placeholder={t('composer.writeTo', { name })}
            aria-describedby={lengthId}
            aria-invalid={isTooLong || undefined}
            {...replies.field}
          />
        </div>
        <BlankLine blanks={blanks} area={area} />
        <Length id={lengthId} letters={letters} />
        <div className="flex items-center gap-0.5 px-1.5 pt-1 pb-1.5">
          {mayUpload && <AttachButton onFiles={attachments.add} />}
          <EmojiButton onPick={emoji => area.current && insert(area.current, emoji)} />
          <IconButton icon={MessageSquareText} size="small" label={t('composer.reply.open')} onClick={replies.ask} />
          {onTemplates && (
            <IconButton icon={LayoutTemplate} size="small" label={t('composer.template.open')} onClick={onTemplates} />
          )}
          {mayUpload && (
            <IconButton
              icon={Mic}
              size="small"
              label={t('composer.voice.record')}
              // Held, it records until it is let go.
              onPointerDown={({ button }) => button === 0 && setRecording(true)}
              onClick={() => setRecording(true)}
            />
          )}
          <span className="flex-1" />
          {draft.came ? (
            <CollisionActions
              conversation={conversation}
              text={draft.text}
              onDrop={drop}
              onKept={() => change({ text: '', came: undefined })}
            />
          ) : (
            <>
              <span className="me-2 hidden text-12 text-faint @xl:inline">
                {t(enterSends ? 'composer.keys' : 'composer.keysOfLines', { mod: modName })}
              </span>
              <SendButton
                conversation={conversation}
                window={hasWindow(props.account) ? conversation.window : undefined}
                isEmpty={isEmpty}
                isTooLong={isTooLong}
                isOpen={isOpen}
                typing={typing}
                onSendClose={mayClose ? () => send(false, true) : undefined}
                onSchedule={at => sure(() => submit(at))}
              />
            </>
          )}
        </div>
      </form>
      {unsure && (
        <ConfirmDialog
          title={t('composer.reply.sureTitle')}
          keep={t('composer.reply.keepWriting')}
          confirm={t('composer.reply.sendAnyway')}
          isHarmless
          busy={false}
          onClose={() => setUnsure(undefined)}
          onConfirm={() => {
            setUnsure(undefined);
            unsure.act();
          }}
        >
          <p>{t('composer.reply.sureWords', { name, text: blanks.map(({ text }) => text).join(' ') })}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const button = (more: { onClick?: () => void }) => (
    <IconButton icon={Smile} size="small" label={t('composer.emoji.open')} {...more} />
  );
  if (!isOpen) return button({ onClick: () => setOpen(true) });
  return (
    <Suspense fallback={button({})}>
      <EmojiPicker trigger={button({})} onPick={onPick} onClose={() => setOpen(false)} />
    </Suspense>
  );
}
