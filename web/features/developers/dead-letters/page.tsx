// Developers, dead letters: what WhatsApp sent and Recado could not apply, to look at, try again or discard.
import type { DeadLetter } from '@recado/client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Eye, MailX, RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from '../../../components/code.tsx';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { ListPage } from '../../../components/list-page.tsx';
import { Pill } from '../../../components/marks.tsx';
import { MenuItem, MenuRule } from '../../../components/menu.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { Answer, Empty, SkeletonLines } from '../../../components/states.tsx';
import { deadLetterQuery, deadLettersQuery, discardDeadLetter, retryDeadLetter } from '../../../data/dead-letters.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction } from '../../../kit/use-action.ts';
import { AccountNames } from '../../accounts/index.ts';
import { DevelopersTabs } from '../tabs.tsx';

type Shown = { what: 'look' | 'discard'; letter: DeadLetter };

export function DeadLettersPage() {
  const { t } = useTranslation();
  const list = useInfiniteQuery(deadLettersQuery);
  const [shown, setShown] = useState<Shown>();
  const close = () => setShown(undefined);
  return (
    <ListPage
      title={t('developers.title')}
      example={{
        method: 'GET',
        path: '/api/v1/dead-letters',
        sdk: 'for await (const letter of recado.deadLetters.list())\n  await recado.deadLetters.retry(letter.id);',
      }}
      tabs={count => <DevelopersTabs count={count} />}
      before={<p className="max-w-[80ch] text-muted">{t('developers.letters.words')}</p>}
      list={list}
      label={t('developers.letters.title')}
      failed={t('developers.letters.failed')}
      columns={useColumns()}
      actions={letter => <LetterMenu letter={letter} onShow={setShown} />}
      empty={
        <Empty icon={MailX} title={t('developers.letters.empty')}>
          {t('developers.letters.emptyWords')}
        </Empty>
      }
    >
      {shown?.what === 'look' && <LetterDialog letter={shown.letter} onClose={close} />}
      {shown?.what === 'discard' && <DiscardDialog letter={shown.letter} onClose={close} />}
    </ListPage>
  );
}

function useColumns() {
  const { t } = useTranslation();
  const { when, exact } = useFormat();
  return [
    {
      head: t('developers.letters.what'),
      look: 'wide small-full',
      cell: ({ error, status }: DeadLetter) => (
        <>
          <span className="flex flex-wrap items-center gap-2">
            <span className="font-medium">{t(`developers.letters.code.${error.code}`)}</span>
            {status === 'retrying' && <Pill tone="info">{t('developers.letters.retrying')}</Pill>}
          </span>
          <code dir="ltr" className="text-12 wrap-anywhere text-muted">
            {error.title}
          </code>
        </>
      ),
    },
    {
      head: t('developers.letters.account'),
      look: 'text-muted',
      cell: ({ account_id: id }: DeadLetter) =>
        id === null ? t('developers.letters.noAccount') : <AccountNames ids={[id]} />,
    },
    {
      head: t('developers.letters.received'),
      end: true,
      look: 'text-muted',
      title: ({ received_at }: DeadLetter) => exact(received_at),
      cell: ({ received_at }: DeadLetter) => when(received_at),
    },
  ];
}

function LetterMenu({ letter, onShow }: { letter: DeadLetter; onShow: (shown: Shown) => void }) {
  const { t } = useTranslation();
  const retry = useAction({ ...retryDeadLetter, done: t('developers.letters.retried') });
  return (
    <RowMenu name={letter.error.title}>
      <MenuItem icon={Eye} onSelect={() => onShow({ what: 'look', letter })}>
        {t('developers.letters.look')}
      </MenuItem>
      <MenuItem icon={RotateCcw} onSelect={() => retry.mutate(letter.id)}>
        {t('developers.letters.retry')}
      </MenuItem>
      <MenuRule />
      <MenuItem icon={Trash2} danger onSelect={() => onShow({ what: 'discard', letter })}>
        {t('developers.letters.discard')}
      </MenuItem>
    </RowMenu>
  );
}

interface DialogProps {
  letter: DeadLetter;
  onClose: () => void;
}

const inJson = (value: unknown) => JSON.stringify(value, undefined, 2);

function LetterDialog({ letter, onClose }: DialogProps) {
  const { t } = useTranslation();
  const query = useQuery(deadLetterQuery(letter.id));
  return (
    <Dialog open wide onClose={onClose} title={t(`developers.letters.code.${letter.error.code}`)}>
      <Answer query={query} failed={t('developers.letters.failed')} skeleton={<SkeletonLines />}>
        {({ item, webhook }) => (
          <CodeBlock
            tabs={{
              [t('developers.letters.item')]: inJson(item),
              ...(webhook && { [t('developers.letters.webhook')]: webhook.body }),
            }}
          />
        )}
      </Answer>
    </Dialog>
  );
}

function DiscardDialog({ letter, onClose }: DialogProps) {
  const { t } = useTranslation();
  const discard = useAction({ ...discardDeadLetter, done: t('developers.letters.discarded'), onDone: onClose });
  return (
    <ConfirmDialog
      title={t('developers.letters.discardTitle')}
      keep={t('developers.letters.keep')}
      confirm={t('developers.letters.discard')}
      busy={discard.isPending}
      onConfirm={() => discard.mutate(letter.id)}
      onClose={onClose}
    >
      <p>{t('developers.letters.discardWords')}</p>
    </ConfirmDialog>
  );
}
