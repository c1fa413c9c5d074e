// A voice note or another sound: play, its form, and the speed. Space plays, ← → go five seconds.
import type { Message } from '@recado/client';
import { Pause, Play } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type File, fileOf } from '../../../../data/message-file.ts';
import { useFormat } from '../../../../kit/format.ts';
import { contentOf } from '../../media/address.ts';
import { knownBars, neutralBars, readBars } from '../../media/waveform.ts';
import { FileState } from './file-state.tsx';

export function Voice({ message }: { message: Message }) {
  const file = fileOf(message);
  if (file?.status !== 'stored') return <FileState message={message} type="audio" file={file} />;
  return <Player file={file} />;
}

const speeds = [1, 1.5, 2];
const stepSeconds = 5;
/** Only one sound at a time. */
let playing: HTMLAudioElement | undefined;

const lengthWords = (seconds: number) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

function usePlayer(url: string) {
  const audio = useRef<HTMLAudioElement>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [time, setTime] = useState(0);
  const [length, setLength] = useState<number>();
  const [speed, setSpeed] = useState(1);
  const [bars, setBars] = useState(() => knownBars(url));

  const toggle = () => {
    const element = audio.current;
    if (!element) return;
    if (!element.paused) return element.pause();
    if (playing !== element) playing?.pause();
    playing = element;
    element.playbackRate = speed;
    // A browser that cannot play it says so in its own event.
    void element.play().catch(() => setPlaying(false));
    // One that it cannot decode keeps its neutral form.
    if (!bars) readBars(url).then(setBars, () => undefined);
  };
  const goTo = (seconds: number) => {
    const element = audio.current;
    if (!element || length === undefined) return;
    element.currentTime = Math.max(0, Math.min(length, seconds));
    setTime(element.currentTime);
  };
  const nextSpeed = () => {
    const next = speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1;
    setSpeed(next);
    if (audio.current) audio.current.playbackRate = next;
  };
  const events = {
    onPlay: () => setPlaying(true),
    onPause: () => setPlaying(false),
    onEnded: () => setTime(0),
    onTimeUpdate: () => setTime(audio.current?.currentTime ?? 0),
    onDurationChange: () => {
      const { duration = Number.NaN } = audio.current ?? {};
      setLength(Number.isFinite(duration) ? duration : undefined);
    },
  };
  useEffect(() => {
    const element = audio.current;
    return () => element?.pause();
  }, []);
  return { audio, events, isPlaying, time, length, speed, bars, toggle, goTo, nextSpeed };
}

/** A sound, to be played. */
export function Player({ file }: { file: File }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const url = contentOf(file.id);
  const { audio, events, isPlaying, time, length, speed, bars, toggle, goTo, nextSpeed } = usePlayer(url);
  const shown = bars ?? neutralBars(file.id);
  const done = length ? time / length : 0;
  const Icon = isPlaying ? Pause : Play;
  const keys = (event: KeyboardEvent) => {
    const step = { ArrowRight: stepSeconds, ArrowLeft: -stepSeconds }[event.key];
    if (step !== undefined) goTo(time + step);
    else if (event.key === ' ') toggle();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const point = ({ clientX, currentTarget }: PointerEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const share = (clientX - left) / width;
    const isRight = getComputedStyle(currentTarget).direction === 'rtl';
    goTo((isRight ? 1 - share : share) * (length ?? 0));
  };
  return (
    <>
      <audio ref={audio} src={url} preload="metadata" {...events} />
      <span className="voice">
        <button
          type="button"
          onClick={toggle}
          aria-label={t(isPlaying ? 'inbox.media.pause' : 'inbox.media.play')}
          className="grid size-9 flex-none place-items-center rounded-full bg-accent text-on-solid hover:bg-accent-hover"
        >
          <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
        </button>
        <span
          role="slider"
          tabIndex={0}
          aria-label={t('inbox.media.position')}
          aria-valuemin={0}
          aria-valuemax={Math.round(length ?? 0)}
          aria-valuenow={Math.round(time)}
          aria-valuetext={lengthWords(time)}
          onKeyDown={keys}
          onPointerDown={point}
          className="wave rounded-badge"
        >
          {shown.map((height, index) => (
            <i
              // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
              key={index}
              className={index / shown.length < done ? 'on' : undefined}
              style={{ blockSize: `${Math.round(height * 100)}%` }}
            />
          ))}
        </span>
        <button
          type="button"
          onClick={nextSpeed}
          aria-label={t('inbox.media.speed', { speed: number(speed) })}
          className="num min-h-6 min-w-9 rounded-badge bg-[color-mix(in_srgb,var(--line)_60%,transparent)] px-1.5 text-12"
        >
          {number(speed)}×
        </button>
      </span>
      <span className="dur">{lengthWords(isPlaying || time > 0 ? time : (length ?? 0))}</span>
    </>
  );
}
