// The rows of the event log, and what has come since they were read: shown at once, or counted during a pause.
import type { RecadoEvent } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { eventsQuery } from '../../../data/events.ts';
import { useEvents } from '../../../kit/live.ts';
import { type EventsSearch, filterOf, isWanted } from './search.ts';

/** Of a burst, rows are drawn so often. */
const gatherMs = 200;
/** With more the list is read again. */
const mostArrived = 400;

/** The rows that came after the newest of these. */
function newerThan(rows: readonly RecadoEvent[], arrived: readonly RecadoEvent[]): RecadoEvent[] {
  const ids = new Set(rows.map(({ id }) => id));
  const at = arrived.findIndex(({ id }) => ids.has(id));
  // Ids follow time.
  return at === -1 ? arrived.filter(({ id }) => id > (rows[0]?.id ?? '')) : arrived.slice(0, at);
}

/** The log with these filters. `held`: how many came during the pause. */
export function useLiveLog(search: EventsSearch) {
  const list = useInfiniteQuery(eventsQuery(filterOf(search)));
  const [isPaused, setPaused] = useState(false);
  const [held, setHeld] = useState(0);
  const [arrived, setArrived] = useState<readonly RecadoEvent[]>([]);
  const gathered = useRef<RecadoEvent[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { data, dataUpdatedAt, refetch } = list;
  const pausedNow = useRef(isPaused);
  pausedNow.current = isPaused;

  function draw(): void {
    timer.current = undefined;
    const some = gathered.current.reverse();
    gathered.current = [];
    if (pausedNow.current) setHeld(count => count + some.length);
    else setArrived(before => [...some, ...before]);
  }
  useEvents(event => {
    if (!isWanted(search, event)) return;
    gathered.current.push(event);
    timer.current ??= setTimeout(draw, gatherMs);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each reading has the newest, also one that changed nothing
  useEffect(() => {
    setHeld(0);
    setArrived(before => newerThan(data?.rows ?? [], before));
  }, [dataUpdatedAt]);
  // Other filters: what has come may not fit them.
  const filter = JSON.stringify(filterOf(search));
  // biome-ignore lint/correctness/useExhaustiveDependencies: for each filter
  useEffect(() => {
    gathered.current = [];
    setArrived([]);
    setHeld(0);
  }, [filter]);
  const isFull = arrived.length > mostArrived;
  useEffect(() => {
    if (isFull) void refetch();
  }, [isFull, refetch]);

  return {
    list: {
      ...list,
      data: data && { rows: [...newerThan(data.rows, arrived), ...data.rows], total: null },
    },
    held,
    isPaused,
    pause: () => setPaused(true),
    resume() {
      setPaused(false);
      void refetch();
    },
    /** Reads those that came during the pause, which goes on. */
    show: () => void refetch(),
  };
}
