// The page behind the link of a message: one press and no login. It shows the opt-out, and takes it back.
import { ApiError, type OptOutState } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { CircleCheckBig, Languages, Unlink } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, LinkButton } from '../../../components/button.tsx';
import { Avatar } from '../../../components/marks.tsx';
import { useTitle } from '../../../components/page.tsx';
import { Failed, Loading, Skeleton } from '../../../components/states.tsx';
import { leaveByLink, leaveStateQuery, takeBackByLink } from '../../../data/opt-outs.ts';
import { useFormat } from '../../../kit/format.ts';
import { languageOptions, setLanguage } from '../../../kit/language.ts';
import { useAction } from '../../../kit/use-action.ts';

export function LeavePage() {
  const { token } = useParams({ from: '/opt-out/{-$token}' });
  if (token === undefined) return <Broken />;
  return <Linked token={token} />;
}

function Linked({ token }: { token: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(leaveStateQuery(token));
  if (data) return data.opted_out === null ? <Ask token={token} state={data} /> : <Left token={token} state={data} />;
  if (error instanceof ApiError && error.status === 404) return <Broken />;
  return (
    <Frame title={t('leave.page')}>
      {error ? (
        <Failed title={t('leave.failed')} error={error} retry={() => void refetch()} />
      ) : (
        <Loading>
          <Skeleton className="h-40 w-full" />
        </Loading>
      )}
    </Frame>
  );
}

interface StateProps {
  token: string;
  state: OptOutState;
}

function Ask({ token, state }: StateProps) {
  const { t } = useTranslation();
  const leave = useAction(leaveByLink);
  const { number_ending: ending } = state;
  return (
    <Frame title={t('leave.ask')} state={state}>
      <h1>{t('leave.ask')}</h1>
      <p className="text-muted">
        {ending !== null && t('leave.forNumber', { ending: isolated(ending) })} {t('leave.stillCome')}
      </p>
      <Button kind="primary" className="min-h-12 w-full" busy={leave.isPending} onClick={() => leave.mutate(token)}>
        {t('leave.action')}
      </Button>
    </Frame>
  );
}

function Left({ token, state }: StateProps) {
  const { t } = useTranslation();
  const { clock, day } = useFormat();
  const takeBack = useAction(takeBackByLink);
  const { opted_out: category, since, number_ending: ending, revocable } = state;
  const time = since === null ? undefined : { day: day(since), time: clock(since) };
  const title = t(category === 'all' ? 'leave.doneAll' : 'leave.done');
  const foot = time && ending !== null && revocable && t('leave.recorded', { ...time, ending: isolated(ending) });
  return (
    <Frame title={title} state={state} foot={foot}>
      <CircleCheckBig size={20} strokeWidth={1.6} aria-hidden="true" className="text-success" />
      <div role="status" className="grid gap-3">
        <h1>{title}</h1>
        <p className="text-muted">
          {time && t('leave.since', time)} {t('leave.onItsWay')}
        </p>
      </div>
      {revocable ? (
        <Button
          kind="line"
          className="min-h-11 w-full"
          busy={takeBack.isPending}
          onClick={() => takeBack.mutate(token)}
        >
          {t('leave.takeBack')}
        </Button>
      ) : (
        <>
          <p className="text-muted">{t('leave.elsewhere')}</p>
          <Word>{t('leave.startWord')}</Word>
        </>
      )}
    </Frame>
  );
}

/** The link cannot be used. Nobody is stuck: a word in the conversation does the same. */
function Broken() {
  const { t } = useTranslation();
  return (
    <Frame title={t('leave.broken')}>
      <Unlink size={20} strokeWidth={1.6} aria-hidden="true" className="text-warning" />
      <h1>{t('leave.broken')}</h1>
      <p className="text-muted">{t('leave.brokenWords')}</p>
      <Word>{t('leave.stopWord')}</Word>
    </Frame>
  );
}

const Word = ({ children }: { children: string }) => (
  <p className="rounded-control bg-sunken py-2 text-center text-20/8 font-strong">
    <bdi>{children}</bdi>
  </p>
);

/** Digits keep their place between words of any script. */
const isolated = (digits: string) => `\u2068${digits}\u2069`;

interface FrameProps {
  title: string;
  state?: OptOutState;
  /** The record of the opt-out. */
  foot?: ReactNode;
  children: ReactNode;
}

function Frame({ title, state, foot, children }: FrameProps) {
  const { t, i18n } = useTranslation();
  useTitle(title);
  return (
    <div className="grid min-h-dvh justify-items-center bg-canvas md:items-start md:px-4 md:py-12">
      <main
        id="main"
        className="flex w-full flex-col gap-4 bg-surface p-6 md:min-h-120 md:max-w-90 md:rounded-[14px] md:border md:border-border"
      >
        {state && (
          <p className="flex items-center gap-3 pt-1">
            <Avatar name={state.workspace_name} size="large" />
            <b className="min-w-0 text-16 font-strong wrap-anywhere">
              <bdi>{state.workspace_name}</bdi>
            </b>
          </p>
        )}
        {children}
        <span className="flex-1" />
        <footer className="grid gap-2 border-t border-border pt-4 text-13 text-muted">
          {foot && <p>{foot}</p>}
          <ul aria-label={t('nav.language')} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <li aria-hidden="true">
              <Languages size={16} strokeWidth={1.75} />
            </li>
            {languageOptions
              .filter(({ value }) => value !== i18n.language)
              .map(({ value, label }) => (
                <li key={value}>
                  <LinkButton className="min-h-6" onClick={() => void setLanguage(value)}>
                    <bdi lang={value}>{label}</bdi>
                  </LinkButton>
                </li>
              ))}
          </ul>
        </footer>
      </main>
    </div>
  );
}
