// A soft sound of two notes, made by the browser itself.

const notes = [
  { frequency: 659.25, at: 0 },
  { frequency: 880, at: 0.11 },
];
const lasts = 0.28;
const loudest = 0.06;
/** Many messages at once sound once. */
const pauseMs = 3_000;
let playedAt = Number.NEGATIVE_INFINITY;
let context: AudioContext | undefined;

/** Plays it, unless it has just sounded, or the browser allows no sound before a first click. */
export async function playNotice(): Promise<void> {
  if (performance.now() - playedAt < pauseMs) return;
  playedAt = performance.now();
  context ??= new AudioContext();
  await context.resume();
  for (const { frequency, at } of notes) {
    const start = context.currentTime + at;
    const tone = new OscillatorNode(context, { frequency });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(loudest, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + lasts);
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + lasts);
  }
}
