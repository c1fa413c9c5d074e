// Over the composer: the saved replies that fit, and the chosen one as it will be sent.
import type { Account, SavedReply } from '@recado/client';
import { fillReply } from '@recado/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FileText, LayoutTemplate, TriangleAlert } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Kbd } from '../../../../components/marks.tsx';
import { TemplatePreview } from '../../../../components/message/template-preview.tsx';
import { shapeOf } from '../../../../components/message/template-shape.ts';
import { templatesQuery } from '../../../../data/templates.ts';
import { useBytes } from '../../../../kit/bytes.ts';
import { cx } from '../../../../kit/class-names.ts';
import { useFormat } from '../../../../kit/format.ts';
import { useOfferTrouble } from '../templates/trouble.ts';
import { offeredValues } from '../templates/values.ts';
import type { Match } from './match.ts';
import type { Offer } from './of-conversation.ts';
import { ReplyText } from './reply-text.tsx';
import type { Replies } from './use-replies.ts';
import { useVariableName } from './words.ts';

const floating =
  'absolute inset-x-0 bottom-[calc(100%+6px)] z-(--z-menu) overflow-hidden rounded-card bg-raised shadow-float';

type ShownReplies = Pick<Replies, 'found' | 'current' | 'values' | 'listId' | 'choose' | 'point' | 'nothing'>;

interface PanelProps {
  replies: ShownReplies;
  /** What the person is called. */
  name: string;
  /** The account whose templates are sent instead, where the window is closed. */
  closedAccount: Account | undefined;
  /** In a card, instead of over it. */
  isInside?: boolean;
}

export function RepliesPanel({ replies, name, closedAccount, isInside = false }: PanelProps) {
  const { t } = useTranslation();
  const { found, current, listId, choose, point, nothing } = replies;
  const chosen = found[current]?.reply;
  const template = closedAccount && chosen?.template;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`[data-at="${current}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  if (nothing !== undefined)
    return (
      <p role="status" className={cx(floating, 'p-4 text-13 text-muted')}>
        {t('composer.reply.none', { text: `/${nothing}` })} <Kbd>Esc</Kbd> {t('composer.reply.keyClose')}
      </p>
    );
  return (
    <div className={isInside ? undefined : floating}>
      <div className="grid max-h-[min(26rem,56dvh)] grid-cols-[minmax(0,1fr)] overflow-y-auto @xl:max-h-[min(20rem,48dvh)] @xl:grid-cols-[272px_minmax(0,1fr)]">
        <div
          ref={list}
          role="listbox"
          id={listId}
          aria-label={t('composer.reply.title')}
          className="max-h-60 overflow-y-auto p-1.5 @xl:max-h-[min(20rem,48dvh)] @xl:border-e @xl:border-border"
        >
          {found.map((match, index) => (
            <Option
              key={match.reply.id}
              id={`${listId}-${index}`}
              index={index}
              match={match}
              isCurrent={index === current}
              onPoint={() => point(index)}
              onChoose={() => choose(match.reply)}
            />
          ))}
        </div>
        {chosen && (
          <Preview reply={chosen}>
            {template ? (
              <TemplateInstead
                account={closedAccount}
                offer={{ template, body: chosen.body, values: replies.values }}
              />
            ) : (
              <ReplyWords reply={chosen} replies={replies} name={name} />
            )}
          </Preview>
        )}
      </div>
      <div className="hidden items-center gap-4 border-t border-border px-3 py-2 text-12 text-muted @xl:flex">
        <span className="flex items-center gap-1">
          <Kbd>↑</Kbd> <Kbd>↓</Kbd> {t('composer.reply.keyChoose')}
        </span>
        <span className="flex items-center gap-1">
          <Kbd>Enter</Kbd> {t(template ? 'composer.reply.keyTemplate' : 'composer.reply.keyInsert')}
        </span>
        {!template && (
          <span className="flex items-center gap-1">
            <Kbd>Tab</Kbd> {t('composer.reply.keyGoOn')}
          </span>
        )}
        <Link to="/settings/replies" className="ms-auto text-accent-text hover:underline">
          {t('composer.reply.change')}
        </Link>
      </div>
    </div>
  );
}

interface OptionProps {
  id: string;
  index: number;
  match: Match;
  isCurrent: boolean;
  onPoint: () => void;
  onChoose: () => void;
}

function Option({ id, index, match: { reply, letters }, isCurrent, onPoint, onChoose }: OptionProps) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text, which names the current option
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the text choose it
    <div
      role="option"
      id={id}
      data-at={index}
      aria-selected={isCurrent}
      onPointerMove={onPoint}
      // The text keeps the focus.
      onPointerDown={event => event.preventDefault()}
      onClick={onChoose}
      className={cx('cursor-pointer rounded-control px-2 py-1.5', isCurrent && 'bg-selected')}
    >
      <span className="flex items-baseline justify-between gap-2">
        <span className="cut font-mono text-13">
          /
          {[...reply.shortcut].map((letter, place) =>
            letters.has(place) ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: letters have nothing else
              <b key={place} className="bg-accent-soft font-strong text-accent-text">
                {letter}
              </b>
            ) : (
              letter
            ),
          )}
        </span>
        <span className="flex-none text-12 text-muted">{t(`composer.reply.scope.${reply.scope}`)}</span>
      </span>
      <bdi className="cut block text-13 text-muted">{reply.title}</bdi>
    </div>
  );
}

function Preview({ reply, children }: { reply: SavedReply; children: ReactNode }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <div className="grid content-start gap-3 border-t border-border p-4 text-13 @xl:max-h-[min(20rem,48dvh)] @xl:overflow-y-auto @xl:border-t-0">
      <div className="flex items-baseline justify-between gap-3">
        <bdi className="font-strong">{reply.title}</bdi>
        <span className="flex-none text-12 text-muted">
          {t('composer.reply.uses', { count: reply.uses, number: number(reply.uses) })}
        </span>
      </div>
      {children}
    </div>
  );
}

/** The template that is sent instead, with the values of the reply, or why it cannot be sent. */
function TemplateInstead({ account, offer }: { account: Account; offer: Offer }) {
  const { t } = useTranslation();
  const templates = useQuery(templatesQuery(account.id)).data?.rows;
  const troubleOf = useOfferTrouble();
  const { name, language } = offer.template;
  const trouble = templates && troubleOf(templates, offer.template);
  const template = templates?.find(each => each.name === name && each.language === language);
  const shape = template && shapeOf(template);
  return (
    <>
      <p className="flex items-start gap-1.5 text-muted">
        <LayoutTemplate size={16} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 flex-none" />
        <span className="wrap-anywhere">{t('composer.reply.instead', { name })}</span>
      </p>
      {trouble ? (
        <Warning>{trouble}</Warning>
      ) : (
        shape && <TemplatePreview shape={shape} values={offeredValues(offer, shape.variables)} header={undefined} />
      )}
    </>
  );
}

const Warning = ({ children }: { children: ReactNode }) => (
  <p className="flex items-start gap-1.5 text-warning">
    <TriangleAlert size={16} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 flex-none" />
    {children}
  </p>
);

function ReplyWords({ reply, replies, name }: Pick<PanelProps, 'replies' | 'name'> & { reply: SavedReply }) {
  const { t } = useTranslation();
  const bytes = useBytes();
  const nameOf = useVariableName();
  const parts = fillReply(reply.body, replies.values);
  const empty = parts.find(({ isEmpty }) => isEmpty);
  return (
    <>
      <p dir="auto" className="wrap-anywhere whitespace-pre-wrap">
        <ReplyText parts={parts} />
      </p>
      {reply.files.map(file => (
        <span key={file.id} className="flex items-center gap-2">
          <FileText size={16} strokeWidth={1.75} aria-hidden="true" className="flex-none text-muted" />
          <bdi className="cut">{file.filename ?? file.id}</bdi>
          {file.size !== null && <span className="num flex-none text-12 text-muted">{bytes(file.size)}</span>}
        </span>
      ))}
      {empty && <Warning>{t('composer.reply.empty', { variable: nameOf(empty.variable ?? ''), name })}</Warning>}
    </>
  );
}
