// The conversations that somebody has picked, to change them together.
import type { Conversation } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { conversationsQuery } from '../../../data/conversations.ts';
import { useInboxPlace } from '../place.ts';
import { filterOf } from '../search.ts';

interface Picked {
  /** Whether rows are picked now. */
  isOn: boolean;
  ids: ReadonlySet<string>;
  /** Whether all that fit the filters are meant. */
  isAll: boolean;
  begin(): void;
  toggle(id: string): void;
  all(): void;
  clear(): void;
}

const Context = createContext<Picked | undefined>(undefined);
const nobody: ReadonlySet<string> = new Set();

/** Another filter begins anew. */
export function PickedProvider({ children }: { children: ReactNode }) {
  const filter = JSON.stringify(filterOf(useInboxPlace().search));
  const [state, setState] = useState({ filter, isOn: false, isAll: false, ids: nobody });
  const { isOn, isAll, ids } = state.filter === filter ? state : { isOn: false, isAll: false, ids: nobody };
  const value = useMemo((): Picked => {
    const set = (next: { isOn: boolean; isAll: boolean; ids: ReadonlySet<string> }) => setState({ filter, ...next });
    return {
      isOn,
      isAll,
      ids,
      begin: () => set({ isOn: true, isAll: false, ids }),
      toggle(id) {
        const next = new Set(ids);
        if (!next.delete(id)) next.add(id);
        set({ isOn: next.size > 0, isAll: false, ids: next });
      },
      all: () => set({ isOn: true, isAll: true, ids }),
      clear: () => set({ isOn: false, isAll: false, ids: nobody }),
    };
  }, [filter, isOn, isAll, ids]);
  return <Context value={value}>{children}</Context>;
}

export function usePicked(): Picked {
  const picked = useContext(Context);
  if (!picked) throw new Error('There is no list to pick from.');
  return picked;
}

/** The rows that the list has, how many fit, and how many are picked; undefined where nobody knows the number. */
export function usePickedRows(): { rows: Conversation[]; total: number | null; count: number | null } {
  const filter = filterOf(useInboxPlace().search);
  const { ids, isAll } = usePicked();
  const pages = useInfiniteQuery(conversationsQuery(filter)).data?.pages ?? [];
  const loaded = pages.flatMap(page => page.data);
  const total = pages[0]?.page.total ?? null;
  return {
    rows: isAll ? loaded : loaded.filter(({ id }) => ids.has(id)),
    total,
    count: isAll ? total : ids.size,
  };
}
