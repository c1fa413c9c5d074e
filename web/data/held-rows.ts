// The rows of the list. Nothing moves under a pointer: what is new is counted, what has left stays in its place, dimmed.
import type { Message } from '@recado/client';
import { useEffect, useState } from 'react';

export interface Row {
  message: Message;
  /** It does not fit the filter any more. */
  hasLeft: boolean;
}

interface Shown {
  key: string;
  /** How often it was renewed. */
  version: number;
  rows: readonly Row[];
}

export interface Rows {
  rows: readonly Row[] | undefined;
  /** How many came since. */
  fresh: number;
  /** Shows what came, and drops what has left. */
  renew: () => void;
}

const rowOf = (message: Message): Row => ({ message, hasLeft: false });

/** Puts what was read into what is shown: known rows change in place, older ones follow at the end. */
export function merge(shown: readonly Row[], read: readonly Message[], isWhole: boolean): Row[] {
  const byId = new Map(read.map(message => [message.id, message]));
  const oldest = read.at(-1)?.created_at;
  const known = new Set(shown.map(({ message }) => message.id));
  const last = shown.at(-1)?.message.created_at ?? '';
  const kept = shown.map(row => {
    const message = byId.get(row.message.id);
    if (message) return rowOf(message);
    const isInReach = isWhole || (oldest !== undefined && row.message.created_at > oldest);
    return isInReach ? { ...row, hasLeft: true } : row;
  });
  return [...kept, ...read.filter(({ id, created_at }) => !known.has(id) && created_at <= last).map(rowOf)];
}

/** `key`: the filter. `isWhole`: whether all that fits was read. */
export function useRows(key: string, read: readonly Message[] | undefined, isWhole: boolean): Rows {
  const [shown, setShown] = useState<Shown>();
  const [version, setVersion] = useState(0);
  useEffect(() => {
    if (!read) return;
    setShown(before => {
      const isKnown = before?.key === key && before.version === version && before.rows.length > 0;
      return { key, version, rows: isKnown ? merge(before.rows, read, isWhole) : read.map(rowOf) };
    });
  }, [key, version, read, isWhole]);
  const rows = shown?.key === key && shown.version === version ? shown.rows : undefined;
  const known = new Set(rows?.map(({ message }) => message.id));
  return {
    rows: rows ?? read?.map(rowOf),
    fresh: rows ? (read ?? []).filter(({ id }) => !known.has(id)).length : 0,
    renew: () => setVersion(before => before + 1),
  };
}
