// The search in one conversation: what is looked for, which hit is shown, and the way to the others.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/button.tsx';
import { Input, SearchMark } from '../../../components/field.tsx';
import { foundMessagesQuery, searchSettingQuery } from '../../../data/search.ts';
import { useFormat } from '../../../kit/format.ts';
import { useSettled } from '../../../kit/use-settled.ts';
import type { InboxPlace } from '../place.ts';
import { isShown, placeOf } from './hit.ts';
import { useWordMarks } from './word-marks.ts';

export function FindBar({ conversationId, place }: { conversationId: string; place: InboxPlace }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { search, change } = place;
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(search.find ?? '');
  const settled = useSettled(text.trim());
  const isReady = useQuery(searchSettingQuery).data?.ready !== false;
  const list = useInfiniteQuery({ ...foundMessagesQuery(settled, isReady, conversationId), enabled: settled !== '' });
  const hits = list.data?.pages.flatMap(page => page.data) ?? [];
  const at = hits.findIndex(hit => isShown(hit, search));
  useWordMarks(settled);
  // Newest first, as people look for what was said last.
  const [first] = hits;
  const isElsewhere = first !== undefined && at === -1;
  const firstId = first?.message_id ?? first?.note_id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `change` is new for each address
  useEffect(() => {
    if (isElsewhere) void change(placeOf(first));
  }, [firstId, isElsewhere]);
  useEffect(() => {
    if (search.find === '') input.current?.focus();
  }, [search.find]);
  const go = (step: number) => {
    const next = hits[(at + step + hits.length) % hits.length];
    if (next) void change(placeOf(next));
  };
  const close = () => void change({ find: undefined, message: undefined, note: undefined });
  const words =
    settled === '' || list.isPending
      ? ''
      : hits.length === 0
        ? t(isReady ? 'inbox.find.noneHere' : 'inbox.find.noneYet')
        : t('inbox.find.at', { at: number(at + 1), of: number(hits.length) });
  return (
    <search className="flex flex-none items-center gap-2 border-b border-border bg-surface px-4 py-1.5">
      <div className="relative min-w-0 flex-1">
        <SearchMark />
        <Input
          ref={input}
          type="search"
          value={text}
          maxLength={100}
          aria-label={t('inbox.find.here')}
          placeholder={t('inbox.find.here')}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={event => {
            if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
            else if (event.key === 'Escape') close();
            else return;
            event.preventDefault();
            event.stopPropagation();
          }}
          className="ps-8.5 [&::-webkit-search-cancel-button]:hidden"
        />
      </div>
      <span role="status" className="num text-13 whitespace-nowrap text-muted">
        {words}
      </span>
      <IconButton icon={ChevronUp} size="small" label={t('inbox.find.later')} onClick={() => go(-1)} />
      <IconButton icon={ChevronDown} size="small" label={t('inbox.find.earlier')} onClick={() => go(1)} />
      <IconButton icon={X} size="small" label={t('inbox.find.close')} onClick={close} />
    </search>
  );
}
