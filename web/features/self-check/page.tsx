// Settings, self-check: whether the parts of the installation work together, and the first step where they do not.
import type { SelfCheck } from '@recado/client';
import type { Check } from '@recado/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleDashed, CircleX, RefreshCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, buttonLook } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { Answer, SkeletonCard } from '../../components/states.tsx';
import { Card } from '../../components/surfaces.tsx';
import { runSelfCheck, selfCheckQuery } from '../../data/self-check.ts';
import { useFormat } from '../../kit/format.ts';
import { useTextOr } from '../../kit/text-or.ts';
import { useAction } from '../../kit/use-action.ts';
import { useNow } from '../../kit/use-now.ts';
import { SettingsTabs } from '../settings-tabs.tsx';

const example = {
  method: 'POST',
  path: '/api/v1/self-check',
  sdk: 'await recado.selfCheck.run();\nconst { state, checks } = await recado.selfCheck.get();',
};

const marks = {
  ok: { icon: CircleCheck, look: 'text-success' },
  warning: { icon: TriangleAlert, look: 'text-warning' },
  failed: { icon: CircleX, look: 'text-danger' },
  skipped: { icon: CircleDashed, look: 'text-faint' },
};

export function SelfCheckPage() {
  const { t } = useTranslation();
  const query = useQuery(selfCheckQuery);
  const run = useAction(runSelfCheck);
  const last = query.data;
  const isRunning = last?.state === 'running' || run.isPending;
  const actions = (
    <>
      {last && <CheckedAt last={last} />}
      <Button kind="line" icon={RefreshCw} busy={isRunning} onClick={() => run.mutate(null)}>
        {last?.state === 'never' ? t('selfCheck.run') : t('selfCheck.runAgain')}
      </Button>
    </>
  );
  return (
    <Page title={t('settings.title')} example={example} actions={actions}>
      <SettingsTabs />
      <Answer query={query} failed={t('selfCheck.unreadable')} skeleton={<SkeletonCard className="h-120" />}>
        {({ state, of, checks }) => (
          <Card className="px-4 py-2 md:px-5">
            {state === 'never' && <p className="py-2.5 text-muted">{t('selfCheck.never')}</p>}
            <ul aria-live="polite" aria-busy={isRunning} aria-label={t('selfCheck.title')}>
              {of.map(name => (
                <Row key={name} name={name} check={checks.find(each => each.name === name)} isRunning={isRunning} />
              ))}
            </ul>
          </Card>
        )}
      </Answer>
    </Page>
  );
}

function CheckedAt({ last }: { last: SelfCheck }) {
  const { t } = useTranslation();
  const { when: whenOf } = useFormat();
  useNow(10_000);
  if (last.ended_at === null) return null;
  const when = whenOf(last.ended_at);
  return (
    <span className="text-13 text-muted max-md:hidden">
      {last.by?.name ? t('selfCheck.checkedBy', { when, name: last.by.name }) : t('selfCheck.checked', { when })}
    </span>
  );
}

/** Where the first step is a page of the app. */
const places: Record<string, '/accounts' | undefined> = {
  accounts_failed: '/accounts',
  phones_disconnected: '/accounts',
  no_gateway: '/accounts',
};

interface RowProps {
  name: Check['name'];
  check: Check | undefined;
  isRunning: boolean;
}

function Row({ name, check, isRunning }: RowProps) {
  const { t } = useTranslation();
  const { number, measured } = useFormat();
  const { tOr } = useTextOr();
  const values = Object.fromEntries(
    Object.entries(check?.detail ?? {}).flatMap(([key, value]) =>
      typeof value !== 'number'
        ? // Isolated: a path or a date has a direction of its own.
          [[key, `\u2068${value}\u2069`]]
        : key === 'bytes'
          ? [['megabytes', number(Math.round(value / 1_000_000))]]
          : [[key, number(value)]],
    ),
  );
  const place = check && places[check.code];
  return (
    <li className="flex flex-wrap gap-x-3 gap-y-2 border-b border-border py-3 last:border-0">
      <State check={check} isRunning={isRunning} />
      <div className="min-w-0 flex-1">
        <div className="font-medium">{t(`selfCheck.name.${name}`)}</div>
        {check && (
          <p className="text-13 wrap-anywhere text-muted">
            {tOr(`selfCheck.found.${check.code}`, check.message, values)}{' '}
            {check.remedy !== null && (
              <b className="font-medium text-text">{tOr(`selfCheck.first.${check.code}`, check.remedy, values)}</b>
            )}
          </p>
        )}
      </div>
      {place ? (
        <End>
          <Link to={place} className={buttonLook('line', 'small')}>
            {t('nav.accounts')}
          </Link>
        </End>
      ) : (
        check && check.state !== 'skipped' && <End>{measured(check.ms / 1_000)}</End>
      )}
    </li>
  );
}

const End = ({ children }: { children: ReactNode }) => (
  <span className="num flex-none text-13 text-muted max-md:hidden">{children}</span>
);

function State({ check, isRunning }: Omit<RowProps, 'name'>) {
  const { t } = useTranslation();
  if (!check && isRunning)
    return <span className="spin mt-1 text-accent-text" role="img" aria-label={t('selfCheck.state.running')} />;
  const { icon: Icon, look } = marks[check?.state ?? 'skipped'];
  const label = check ? t(`selfCheck.state.${check.state}`) : t('selfCheck.state.open');
  return <Icon size={18} strokeWidth={1.75} className={`mt-0.5 flex-none ${look}`} role="img" aria-label={label} />;
}
