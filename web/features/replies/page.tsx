// Settings, saved replies: those of the workspace and one's own, and beside them the one that is written.
import type { SavedReply } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { LayoutTemplate, MessageSquareText, Paperclip, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { Chip, Chips } from '../../components/choose.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Input, SearchMark } from '../../components/field.tsx';
import { CutNote, ListTable } from '../../components/list-table.tsx';
import { MenuItem } from '../../components/menu.tsx';
import { Page } from '../../components/page.tsx';
import { RowMenu } from '../../components/row-menu.tsx';
import { Empty } from '../../components/states.tsx';
import { useMayEverywhere } from '../../data/me.ts';
import { deleteSavedReply, savedRepliesQuery } from '../../data/saved-replies.ts';
import { useTeams } from '../../data/teams.ts';
import { useFormat } from '../../kit/format.ts';
import { useAction } from '../../kit/use-action.ts';
import { SettingsTabs } from '../settings-tabs.tsx';
import { ReplyEditor } from './editor.tsx';

const scopes = ['all', 'workspace', 'team', 'personal'] as const;
type Scope = (typeof scopes)[number];

const example = {
  method: 'POST',
  path: '/api/v1/saved-replies',
  body: {
    shortcut: 'return',
    title: 'Return at the shop',
    body: 'Hi {{contact.first_name|there}}, bring it to our shop.',
  },
  sdk: "await recado.savedReplies.create({\n  shortcut: 'return',\n  title: 'Return at the shop',\n  body: 'Hi {{contact.first_name|there}}, bring it to our shop.',\n});",
};

export function RepliesPage() {
  const { t } = useTranslation();
  const { number } = useFormat();
  const query = useQuery(savedRepliesQuery);
  const [text, setText] = useState('');
  const [scope, setScope] = useState<Scope>('all');
  const navigate = useNavigate();
  const { reply: edited } = useSearch({ from: '/inside/settings/replies' });
  const show = (reply: string | undefined) => void navigate({ to: '/settings/replies', search: { reply } });
  /** Closes the editor of a reply that is discarded, saved or deleted: there is nothing to ask for. */
  const leave = (reply?: string) => void navigate({ to: '/settings/replies', search: { reply }, ignoreBlocker: true });
  const [leaving, setLeaving] = useState<SavedReply>();
  const mayShare = useMayEverywhere('replies.manage');
  const teams = useTeams();
  const nameOf = ({ scope: of, team_id: id }: SavedReply) =>
    teams.find(team => team.id === id)?.name ?? t(`composer.reply.scope.${of}`);
  const all = query.data?.rows ?? [];
  const ofScope = (name: Scope) => all.filter(reply => name === 'all' || reply.scope === name);
  const words = text.trim().toLocaleLowerCase();
  const rows = ofScope(scope).filter(({ shortcut, title, body }) =>
    `/${shortcut} ${title} ${body}`.toLocaleLowerCase().includes(words),
  );
  const open = all.find(({ id }) => id === edited);
  const mayChange = ({ scope: of }: SavedReply) => of === 'personal' || mayShare;
  const columns = [
    {
      head: t('replies.shortcut'),
      look: 'wide',
      cell: (reply: SavedReply) => (
        <button
          type="button"
          aria-pressed={reply.id === edited}
          onClick={() => show(reply.id)}
          className="grid w-full min-w-0 grid-cols-[minmax(0,1fr)] py-1 text-start"
        >
          <span className="flex min-w-0 items-baseline gap-2">
            <code className="flex-none text-accent-text">/{reply.shortcut}</code>
            <bdi className="cut">{reply.title}</bdi>
            {reply.files.length > 0 && (
              <span className="inline-flex flex-none items-center gap-0.5 self-center text-12 text-muted">
                <Paperclip size={13} strokeWidth={1.75} aria-hidden="true" />
                <span className="sr-only">{t('replies.files')}</span>
                {number(reply.files.length)}
              </span>
            )}
            {reply.template && (
              <span className="inline-flex min-w-0 items-center gap-1 self-center text-12 text-muted">
                <LayoutTemplate size={13} strokeWidth={1.75} aria-hidden="true" className="flex-none" />
                <span className="sr-only">{t('replies.windowClosed')}</span>
                <bdi className="cut max-md:sr-only">{reply.template.name}</bdi>
              </span>
            )}
          </span>
          <bdi className="cut text-12 text-muted">{reply.body}</bdi>
        </button>
      ),
    },
    { head: t('replies.for'), cell: (reply: SavedReply) => <bdi>{nameOf(reply)}</bdi> },
    {
      head: t('replies.used'),
      end: true,
      cell: ({ uses }: SavedReply) =>
        uses > 0 ? (
          <span className="num">{number(uses)}</span>
        ) : (
          <span className="text-muted">{t('replies.never')}</span>
        ),
    },
  ];
  return (
    <Page
      title={t('settings.title')}
      example={example}
      actions={
        <Button kind="primary" icon={Plus} onClick={() => show('new')}>
          {t('replies.new')}
        </Button>
      }
    >
      <SettingsTabs count={query.data && number(all.length)} />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="relative w-60 max-w-full max-md:w-full">
          <SearchMark />
          <Input
            type="search"
            value={text}
            onChange={({ target }) => setText(target.value)}
            placeholder={t('replies.search')}
            aria-label={t('replies.search')}
            className="ps-8.5"
          />
        </div>
        <Chips label={t('replies.for')}>
          {scopes
            .filter(name => name !== 'team' || teams.length > 0)
            .map(name => (
              <Chip
                key={name}
                pressed={scope === name}
                count={query.data && number(ofScope(name).length)}
                onClick={() => setScope(name)}
              >
                {name === 'all' ? t('replies.all') : t(`composer.reply.scope.${name}`)}
              </Chip>
            ))}
        </Chips>
        <span className="ms-auto text-13 text-muted">{t('replies.order')}</span>
      </div>
      <div
        className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 data-open:lg:grid-cols-[7fr_5fr]"
        data-open={edited !== undefined || undefined}
      >
        <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
          <ListTable
            list={{
              data: query.data && { rows, total: rows.length },
              error: query.error,
              refetch: query.refetch,
              hasNextPage: false,
              isFetchingNextPage: false,
              fetchNextPage: () => undefined,
            }}
            label={t('replies.title')}
            failed={t('replies.failed')}
            columns={columns}
            empty={
              <Empty icon={MessageSquareText} title={t(all.length === 0 ? 'replies.empty' : 'replies.nothingFits')}>
                {all.length === 0 && t('replies.emptyWords')}
              </Empty>
            }
            actions={reply =>
              mayChange(reply) && (
                <RowMenu name={reply.title}>
                  <MenuItem icon={Trash2} danger onSelect={() => setLeaving(reply)}>
                    {t('replies.delete')}
                  </MenuItem>
                </RowMenu>
              )
            }
          />
          <CutNote whole={query.data} />
        </div>
        {(edited === 'new' || open) && (
          <ReplyEditor
            key={edited}
            reply={open}
            mayShare={mayShare}
            isReadOnly={open !== undefined && !mayChange(open)}
            onClose={() => leave()}
            onSaved={leave}
          />
        )}
      </div>
      {leaving && (
        <DeleteDialog
          reply={leaving}
          onClose={() => setLeaving(undefined)}
          onDone={() => {
            setLeaving(undefined);
            if (edited === leaving.id) leave();
          }}
        />
      )}
    </Page>
  );
}

function DeleteDialog({ reply, onClose, onDone }: { reply: SavedReply; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const remove = useAction({ ...deleteSavedReply, done: t('replies.deleted'), onDone });
  return (
    <ConfirmDialog
      title={t('replies.deleteTitle', { shortcut: reply.shortcut })}
      keep={t('replies.keep')}
      confirm={t('replies.deleteNow')}
      busy={remove.isPending}
      onClose={onClose}
      onConfirm={() => remove.mutate(reply.id)}
    >
      <p>{t(reply.scope === 'personal' ? 'replies.deleteWords' : 'replies.deleteWordsAll')}</p>
    </ConfirmDialog>
  );
}
