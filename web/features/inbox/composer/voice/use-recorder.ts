// Records the microphone: how far it is, how loud it is, and what came of it.
import { useEffect, useRef, useState } from 'react';

export type RecorderState =
  | { at: 'asking' }
  | { at: 'recording'; startedAt: number }
  | { at: 'review'; recording: File; seconds: number }
  | { at: 'impossible'; why: 'denied' | 'missing' | 'insecure' | 'unsupported' };

/** Ogg is what WhatsApp wants; the server converts the others. */
const types = ['audio/ogg;codecs=opus', 'audio/mp4', 'audio/webm;codecs=opus'] as const;
const endings: Record<string, string> = { 'audio/ogg': 'ogg', 'audio/mp4': 'm4a', 'audio/webm': 'webm' };
const longestMs = 15 * 60_000;
const levelMs = 100;
const shownLevels = 38;

export const bareType = (type: string) => type.split(';')[0] ?? '';

/** @param canConvert whether the server makes voice notes of everything */
export function useRecorder(canConvert: boolean) {
  const [state, setState] = useState<RecorderState>({ at: 'asking' });
  const [levels, setLevels] = useState<readonly number[]>([]);
  const [round, setRound] = useState(0);
  const recorder = useRef<MediaRecorder>(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each round records anew
  useEffect(() => {
    const stop = new AbortController();
    setState({ at: 'asking' });
    setLevels([]);
    record(canConvert, stop.signal, { setState, setLevels, keep: made => (recorder.current = made) }).catch(error => {
      if (!stop.signal.aborted) setState({ at: 'impossible', why: reasonOf(error) });
    });
    return () => stop.abort();
  }, [canConvert, round]);

  return {
    state,
    levels,
    /** Ends the recording, to listen to it. */
    stop: () => recorder.current?.state === 'recording' && recorder.current.stop(),
    again: () => setRound(round + 1),
  };
}

class ImpossibleError extends Error {
  readonly why: 'insecure' | 'unsupported';
  constructor(why: 'insecure' | 'unsupported') {
    super(why);
    this.why = why;
  }
}

function reasonOf(error: unknown): 'denied' | 'missing' | 'insecure' | 'unsupported' {
  if (error instanceof ImpossibleError) return error.why;
  if (!(error instanceof DOMException)) return 'unsupported';
  if (error.name === 'NotAllowedError') return 'denied';
  return error.name === 'NotFoundError' ? 'missing' : 'unsupported';
}

interface Sink {
  setState: (state: RecorderState) => void;
  setLevels: (change: (levels: readonly number[]) => readonly number[]) => void;
  keep: (recorder: MediaRecorder) => void;
}

async function record(canConvert: boolean, signal: AbortSignal, { setState, setLevels, keep }: Sink): Promise<void> {
  // Browsers hide the microphone from pages without https.
  if (!navigator.mediaDevices) throw new ImpossibleError('insecure');
  const mimeType = types.find(type => MediaRecorder.isTypeSupported(type) && (canConvert || !type.includes('webm')));
  if (mimeType === undefined) throw new ImpossibleError('unsupported');
  const audio = { channelCount: 1, echoCancellation: true, noiseSuppression: true };
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  const end = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  if (signal.aborted) return end();
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 32_000 });
  const pieces: Blob[] = [];
  const startedAt = Date.now();
  const unmeter = meter(stream, level => setLevels(before => [...before, level].slice(-shownLevels)));
  const limit = setTimeout(() => recorder.stop(), longestMs);
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  recorder.onstop = () => {
    clearTimeout(limit);
    unmeter();
    end();
    if (signal.aborted) return;
    const type = bareType(recorder.mimeType || mimeType);
    const recording = new File(pieces, `voice.${endings[type] ?? 'ogg'}`, { type });
    setState({ at: 'review', recording, seconds: (Date.now() - startedAt) / 1000 });
  };
  signal.addEventListener('abort', () => (recorder.state === 'inactive' ? undefined : recorder.stop()));
  keep(recorder);
  recorder.start();
  setState({ at: 'recording', startedAt });
}

/** Tells how loud it is, from 0 to 1, ten times a second. */
function meter(stream: MediaStream, tell: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getByteTimeDomainData(samples);
    const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample - 128)), 0);
    tell(Math.min(1, loudest / 96));
  }, levelMs);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
