// A voice note: record, listen, send. Held, it ends when the button is let go; clicked, with Stop.
import { useQuery } from '@tanstack/react-query';
import { CornerDownLeft, MicOff, Square, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton, LinkButton } from '../../../../components/button.tsx';
import { mediaCapabilitiesQuery } from '../../../../data/media.ts';
import { useObjectUrl } from '../../../../kit/object-url.ts';
import { bareType, type RecorderState, useRecorder } from './use-recorder.ts';

interface Props {
  onSend: (recording: File, isVoiceNote: boolean) => void;
  onEnd: () => void;
}

/** A press that lasts longer is a hold. */
const heldMs = 500;

export function Recorder(props: Props) {
  const { data, isError } = useQuery(mediaCapabilitiesQuery);
  if (!data && !isError) return <div className="h-22 rounded-card border border-line bg-surface" />;
  return <Recording {...props} canConvert={data?.voice_notes ?? true} />;
}

function Recording({ canConvert, onSend, onEnd }: Props & { canConvert: boolean }) {
  const { t } = useTranslation();
  const { state, levels, stop, again } = useRecorder(canConvert);
  useHeld(stop);
  const send = (recording: File) => {
    onSend(recording, canConvert || bareType(recording.type) === 'audio/ogg');
    onEnd();
  };
  return (
    <section
      aria-label={t('composer.voice.title')}
      onKeyDown={({ key }) => key === 'Escape' && onEnd()}
      className="@container rounded-card border border-line bg-surface"
    >
      {state.at === 'impossible' ? (
        <Impossible why={state.why} onAgain={again} onEnd={onEnd} />
      ) : (
        <div className="flex min-h-22 items-center gap-3 px-3.5 py-3">
          <IconButton icon={Trash2} label={t('composer.voice.cancel')} onClick={onEnd} />
          <Middle state={state} levels={levels} />
          {state.at === 'recording' && (
            <Button key="stop" kind="line" icon={Square} autoFocus onClick={stop}>
              {t('composer.voice.stop')}
            </Button>
          )}
          {state.at === 'review' && (
            <Button key="send" kind="primary" autoFocus onClick={() => send(state.recording)}>
              {t('composer.send')}
              <CornerDownLeft size={16} strokeWidth={1.75} className="flip" aria-hidden="true" />
            </Button>
          )}
        </div>
      )}
    </section>
  );
}

/** Stops when the pointer that began it is let go. */
function useHeld(stop: () => void): void {
  const now = useRef(stop);
  now.current = stop;
  useEffect(() => {
    const since = Date.now();
    const end = () => Date.now() - since > heldMs && now.current();
    addEventListener('pointerup', end, { once: true });
    return () => removeEventListener('pointerup', end);
  }, []);
}

function Middle({ state, levels }: { state: RecorderState; levels: readonly number[] }) {
  const { t } = useTranslation();
  if (state.at === 'review') return <Listen recording={state.recording} />;
  if (state.at !== 'recording') return <p className="flex-1 text-muted">{t('composer.voice.asking')}</p>;
  return (
    <div className="flex min-w-0 flex-1 items-center gap-3">
      <span className="size-2.5 flex-none rounded-full bg-danger-solid" aria-hidden="true" />
      <Timer since={state.startedAt} />
      <span className="flex h-8 min-w-0 flex-1 items-center justify-end gap-[3px] overflow-hidden" aria-hidden="true">
        {levels.map((level, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: bars have only their places
          <span key={at} className="w-[3px] flex-none rounded-full bg-accent" style={{ blockSize: 3 + level * 26 }} />
        ))}
      </span>
    </div>
  );
}

/** It is said to screen readers once, not each second. */
function Timer({ since }: { since: number }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  return (
    <>
      <span role="status" className="sr-only">
        {t('composer.voice.recording')}
      </span>
      <span role="timer" className="num text-16 font-medium" dir="ltr">
        {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, '0')}
      </span>
    </>
  );
}

function Listen({ recording }: { recording: File }) {
  const { t } = useTranslation();
  const url = useObjectUrl(recording);
  // biome-ignore lint/a11y/useMediaCaption: it is what the person has just said
  return <audio controls src={url} aria-label={t('composer.voice.listen')} className="h-10 min-w-0 flex-1" />;
}

interface ImpossibleProps {
  why: Extract<RecorderState, { at: 'impossible' }>['why'];
  onAgain: () => void;
  onEnd: () => void;
}

function Impossible({ why, onAgain, onEnd }: ImpossibleProps) {
  const { t } = useTranslation();
  return (
    <div role="alert" className="flex min-h-22 items-start gap-3 px-3.5 py-3">
      <MicOff size={17} strokeWidth={1.75} className="mt-0.5 text-danger" aria-hidden="true" />
      <p className="min-w-0 flex-1 text-13">
        <b>{t('composer.voice.impossible')}</b> <span className="text-muted">{t(`composer.voice.why.${why}`)}</span>{' '}
        {(why === 'denied' || why === 'missing') && <LinkButton onClick={onAgain}>{t('action.tryAgain')}</LinkButton>}
      </p>
      <Button size="small" autoFocus onClick={onEnd}>
        {t('action.close')}
      </Button>
    </div>
  );
}
