// Until the stream of the app is there.
import type { RecadoEvent } from '@recado/client';
import { useEffect, useRef } from 'react';
import { recado } from '../../../kit/client.ts';

export function useEvents(handler: (event: RecadoEvent) => void): void {
  const current = useRef(handler);
  current.current = handler;
  useEffect(() => {
    const stop = new AbortController();
    const run = async () => {
      for await (const event of recado.events.stream({}, { signal: stop.signal })) current.current(event);
    };
    run().catch(() => undefined);
    return () => stop.abort();
  }, []);
}
