// What is beside the thread: the simulated phone of a Sandbox account, or details. A sheet below 1200 px.

import type { Account, Conversation } from '@recado/client';
import { ArrowLeft, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../components/button.tsx';
import { Segments } from '../../components/choose.tsx';
import { cx } from '../../kit/class-names.ts';
import { hotkeyAt } from '../../kit/hotkeys.ts';
import { useMediaQuery } from '../../kit/media-query.ts';
import { DetailsPane } from './details/details-pane.tsx';
import { FileList } from './details/files.tsx';
import { useContactName } from './names.ts';
import { Phone } from './phone/phone.tsx';
import type { InboxPlace } from './place.ts';

interface Props {
  conversation: Conversation;
  account: Account | undefined;
  place: InboxPlace;
  isSheet: boolean;
}

export function SidePane({ conversation, account, place, isSheet }: Props) {
  const { t } = useTranslation();
  const { search, change } = place;
  const pane = useRef<HTMLElement>(null);
  const hasPhone = account?.capabilities.simulated ?? false;
  const tabs = hasPhone ? (['phone', 'details', 'files'] as const) : (['details', 'files'] as const);
  const chosen = tabs.find(each => each === search.side) ?? tabs[0];
  const tab = search.message === undefined ? chosen : 'details';
  // Where it is a page of its own, this is the title of the page.
  const Heading = useMediaQuery('(min-width: 768px)') ? 'h2' : 'h1';
  const name = useContactName()(conversation.contact);
  const close = () => void change({ side: isSheet ? undefined : 'none', message: undefined });
  useEffect(() => {
    if (isSheet) pane.current?.focus();
  }, [isSheet]);
  return (
    <aside
      ref={pane}
      tabIndex={-1}
      data-pane
      aria-label={t(`inbox.side.${tab}`)}
      onKeyDown={event => hotkeyAt('everywhere', event) === 'close' && close()}
      className={cx(
        'flex min-h-0 min-w-0 flex-col bg-surface outline-none',
        isSheet
          ? 'flex-1 md:absolute md:inset-y-0 md:end-0 md:z-(--z-sheet) md:w-(--side) md:shadow-float'
          : 'border-s border-border',
      )}
    >
      <header className="flex min-h-bar flex-none items-center gap-2 border-b border-border px-4">
        <IconButton icon={ArrowLeft} label={t('inbox.backToThread')} onClick={close} className="-ms-2 md:hidden" />
        <Segments
          label={t('inbox.side.label')}
          value={tab}
          options={tabs.map(value => ({ value, label: t(`inbox.side.${value}`) }))}
          onChange={side => void change({ side, message: undefined })}
        />
        <Heading className="sr-only">{t(`inbox.side.${tab}`)}</Heading>
        <span className="flex-1" />
        <IconButton icon={X} label={t('action.close')} onClick={close} className="max-md:hidden" />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {tab === 'phone' && account && <Phone conversation={conversation} account={account} />}
        {tab === 'details' && <DetailsPane conversation={conversation} account={account} messageId={search.message} />}
        {tab === 'files' && <FileList of={{ conversation_id: conversation.id }} name={name} />}
      </div>
    </aside>
  );
}
