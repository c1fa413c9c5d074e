// Reads a stream of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).

/** A part of the stream up to an empty line. A comment is a frame without fields: a sign of life. */
export interface Frame {
  event: string | undefined;
  id: string | undefined;
  data: string | undefined;
  /** Milliseconds to wait before the next connection. */
  retry: number | undefined;
}

/** Splits bytes, as they come, into frames. `watch` sees each read while it waits for bytes. */
export async function* readFrames(
  body: ReadableStream<Uint8Array>,
  watch: <Result>(read: Promise<Result>) => Promise<Result>,
): AsyncGenerator<Frame> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let lines: string[] = [];
  try {
    for (;;) {
      const { done, value } = await watch(reader.read());
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      // A CR at the end may be half of a CRLF.
      const parts = rest.split(/\r\n|\n|\r(?!$)/);
      rest = parts.pop() ?? '';
      for (const line of parts) {
        if (line !== '') lines.push(line);
        else {
          if (lines.length > 0) yield frameOf(lines);
          lines = [];
        }
      }
    }
  } finally {
    // Ends the connection where the caller stopped in the middle.
    await reader.cancel().catch(() => {});
  }
}

function frameOf(lines: string[]): Frame {
  const frame: Frame = { event: undefined, id: undefined, data: undefined, retry: undefined };
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === 'data') frame.data = frame.data === undefined ? value : `${frame.data}\n${value}`;
    else if (name === 'event') frame.event = value;
    else if (name === 'retry' && /^\d{1,6}$/.test(value)) frame.retry = Number(value);
    else if (name === 'id' && !value.includes('\0')) frame.id = value;
  }
  return frame;
}
