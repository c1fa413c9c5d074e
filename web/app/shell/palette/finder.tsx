// The field of ⌘K. It is there at once, and keeps what somebody types until the results are loaded.
import * as Radix from '@radix-ui/react-dialog';
import { Search, X } from 'lucide-react';
import { type KeyboardEvent, Suspense, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/button.tsx';
import { Kbd } from '../../../components/marks.tsx';
import { lazyPart } from '../../../kit/lazy.ts';
import { useReturnFocus } from '../../../kit/return-focus.ts';
import type { PaletteActs, ResultKeys } from './entry.ts';

const Results = lazyPart(() => import('./results.tsx'), 'Results');

export function Finder(acts: PaletteActs) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<string>();
  const keys = useRef<ResultKeys>(null);
  const listId = useId();
  const returnFocus = useReturnFocus(true);
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: 0 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    if (step === 0) keys.current?.run();
    else keys.current?.move(step);
  };
  return (
    <Radix.Content
      {...returnFocus}
      data-rise
      aria-describedby={undefined}
      className="w-full max-w-150 overflow-hidden rounded-[12px] bg-raised shadow-float outline-none"
    >
      <Radix.Title className="sr-only">{t('palette.label')}</Radix.Title>
      <div className="flex h-13 items-center gap-2.5 border-b border-border px-4 text-16">
        <Search size={16} strokeWidth={1.75} className="text-faint" aria-hidden="true" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the palette is this field
          autoFocus
          role="combobox"
          aria-label={t('palette.label')}
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={chosen}
          placeholder={t('palette.label')}
          value={text}
          onChange={event => setText(event.target.value)}
          onKeyDown={press}
          className="min-w-0 flex-1 bg-transparent outline-none placeholder:text-faint"
        />
        <span className="max-md:hidden">
          <Kbd>Esc</Kbd>
        </span>
        <IconButton icon={X} label={t('action.close')} onClick={acts.onClose} className="-me-2 md:hidden" />
      </div>
      <Suspense
        fallback={
          <div id={listId} role="listbox" aria-label={t('palette.label')} aria-busy="true" className="px-4 pt-2 pb-4">
            <span className="spin text-accent-text" aria-hidden="true" />
          </div>
        }
      >
        <Results text={text} acts={acts} listId={listId} keys={keys} onChosen={setChosen} />
      </Suspense>
    </Radix.Content>
  );
}
