// The form of a sound: 38 bars. Until it has been played they are only told apart by the file, and say nothing of it.

const barCount = 38;

/** Bars that look like a voice and are always the same for a file. */
export function neutralBars(seed: string): number[] {
  let state = [...seed].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) | 0, 7);
  return Array.from({ length: barCount }, (_, index) => {
    state = (state * 1_103_515_245 + 12_345) | 0;
    const chance = ((state >>> 16) & 0xff) / 255;
    return 0.22 + 0.4 * chance * (0.6 + 0.4 * Math.sin(index / 3));
  });
}

const known = new Map<string, number[]>();
const mostKnown = 200;

export const knownBars = (url: string): number[] | undefined => known.get(url);

/** The bars of the sound itself: the mean loudness of each part, the loudest is 1. @throws if it cannot be decoded */
export async function readBars(url: string): Promise<number[]> {
  const bytes = await (await fetch(url)).arrayBuffer();
  const sound = await new OfflineAudioContext(1, 1, 8_000).decodeAudioData(bytes);
  const samples = sound.getChannelData(0);
  const size = Math.max(1, Math.floor(samples.length / barCount));
  const loud = Array.from({ length: barCount }, (_, bar) => {
    let sum = 0;
    for (const sample of samples.subarray(bar * size, (bar + 1) * size)) sum += Math.abs(sample);
    return sum / size;
  });
  const most = Math.max(...loud, Number.EPSILON);
  const bars = loud.map(each => Math.max(0.08, each / most));
  if (known.size >= mostKnown) known.clear();
  known.set(url, bars);
  return bars;
}
