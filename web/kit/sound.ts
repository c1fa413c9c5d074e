// Soft sounds, made by the browser itself.
import type { NotificationSound } from '@recado/contract';

interface Note {
  frequency: number;
  /** Where it glides to. */
  to?: number;
  at: number;
  lasts: number;
  type?: OscillatorType;
}

const sounds: Readonly<Record<NotificationSound, readonly Note[]>> = {
  drop: [{ frequency: 940, to: 420, at: 0, lasts: 0.18 }],
  wood: [
    { frequency: 392, at: 0, lasts: 0.07, type: 'triangle' },
    { frequency: 330, at: 0.1, lasts: 0.09, type: 'triangle' },
  ],
  page: [
    { frequency: 659.25, at: 0, lasts: 0.28 },
    { frequency: 880, at: 0.11, lasts: 0.28 },
  ],
  bell: [
    { frequency: 1046.5, at: 0, lasts: 0.9 },
    { frequency: 1568, at: 0, lasts: 0.6 },
  ],
};

/** At full volume. */
const loudest = 0.12;
/** Many messages at once sound once. */
const pauseMs = 3_000;
const playedKey = 'recado.soundPlayed';
let playedAt = Number.NEGATIVE_INFINITY;
let context: AudioContext | undefined;

export interface Sound {
  sound: NotificationSound;
  /** In percent. */
  volume: number;
}

/** Whether this browser has ever played one: it allows none before a first click. */
export const hasPlayed = (): boolean => localStorage.getItem(playedKey) === 'true';

/** Plays it, unless one has just sounded. Rejects where the browser allows no sound yet. */
export async function playNotice(sound: Sound): Promise<void> {
  if (performance.now() - playedAt < pauseMs) return;
  await play(sound);
}

/** Plays it now, because somebody pressed a button: from then on the browser allows sounds. */
export async function playOnce(sound: Sound): Promise<void> {
  await play(sound);
  localStorage.setItem(playedKey, 'true');
}

async function play({ sound, volume }: Sound): Promise<void> {
  playedAt = performance.now();
  context ??= new AudioContext();
  await context.resume();
  for (const note of sounds[sound]) sing(context, note, (loudest * volume) / 100);
}

function sing(to: AudioContext, { frequency, to: end, at, lasts, type = 'sine' }: Note, peak: number): void {
  const start = to.currentTime + at;
  const tone = new OscillatorNode(to, { frequency, type });
  if (end !== undefined) tone.frequency.exponentialRampToValueAtTime(end, start + lasts);
  const volume = new GainNode(to, { gain: 0 });
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(peak, start + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + lasts);
  tone.connect(volume).connect(to.destination);
  tone.start(start);
  tone.stop(start + lasts);
}
