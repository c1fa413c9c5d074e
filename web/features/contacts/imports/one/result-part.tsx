// An import while it runs, and what became of it: figures, the rows by fate, and the undo.
import type { Import } from '@recado/client';
import type { ImportFate } from '@recado/contract';
import { Link } from '@tanstack/react-router';
import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../../components/banner.tsx';
import { Button, buttonLook } from '../../../../components/button.tsx';
import { ConfirmDialog } from '../../../../components/confirm-dialog.tsx';
import { Card } from '../../../../components/surfaces.tsx';
import { cancelImport, undoImport } from '../../../../data/imports.ts';
import { useFormat } from '../../../../kit/format.ts';
import { useAction } from '../../../../kit/use-action.ts';
import { useNow } from '../../../../kit/use-now.ts';
import { type Figure, Figures } from '../figures.tsx';
import { ProgressOf } from './check-figures.tsx';
import { RowsPart } from './rows-part.tsx';

interface Props {
  given: Import;
  fate: ImportFate | undefined;
  onFate: (fate: ImportFate | undefined) => void;
}

export function ResultPart({ given, fate, onFate }: Props) {
  const { state, started_at: startedAt } = given;
  const isAtWork = state === 'running' || state === 'undoing';
  return (
    <>
      {isAtWork ? <WorkCard given={given} /> : <End given={given} />}
      {startedAt !== null && <ResultFigures given={given} />}
      {!isAtWork && <UndoLine given={given} />}
      {!isAtWork && startedAt !== null && <RowsPart given={given} fate={fate} onFate={onFate} />}
    </>
  );
}

function WorkCard({ given }: { given: Import }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const [isAsking, setAsking] = useState(false);
  const cancel = useAction({ ...cancelImport, onDone: () => setAsking(false) });
  const isRunning = given.state === 'running';
  return (
    <Card className="grid gap-3 p-4 md:p-5">
      <ProgressOf given={given} title={t(isRunning ? 'imports.work.running' : 'imports.work.undoing')} />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-13 text-muted">{t('imports.work.goesOn')}</p>
        {isRunning && (
          <Button kind="line" size="small" onClick={() => setAsking(true)}>
            {t('imports.work.stop')}
          </Button>
        )}
      </div>
      {isAsking && isRunning && (
        <ConfirmDialog
          title={t('imports.work.stopTitle', { name: given.name })}
          keep={t('imports.work.keep')}
          confirm={t('imports.work.stop')}
          busy={cancel.isPending}
          onConfirm={() => cancel.mutate(given.id)}
          onClose={() => setAsking(false)}
        >
          <p>{t('imports.work.stopWords', { done: number(given.progress?.done ?? 0) })}</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}

/** How it ended, where it did not end as wanted. */
function End({ given: { state, counts, error, started_at: startedAt } }: { given: Import }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const again = <Link to="/contacts/import">{t('imports.result.again')}</Link>;
  if (state === 'failed')
    return (
      <Banner tone="danger" title={t('imports.result.failed')} action={again}>
        {error?.message}
      </Banner>
    );
  if (state === 'undone')
    return (
      <Banner tone="info" title={t('imports.result.undone')}>
        {t('imports.result.undoneWords', { count: counts.restored })}
      </Banner>
    );
  if (state !== 'cancelled') return null;
  const done = counts.created + counts.updated + counts.unchanged + counts.skipped;
  return startedAt === null ? (
    <Banner tone="quiet" title={t('imports.result.discarded')} action={again} />
  ) : (
    <Banner tone="warning" title={t('imports.result.stopped')} action={again}>
      {t('imports.result.stoppedWords', { done: number(done), of: number(counts.new + counts.known) })}
    </Banner>
  );
}

function ResultFigures({ given: { counts } }: { given: Import }) {
  const { t } = useTranslation();
  const figure = (name: 'created' | 'updated' | 'unchanged' | 'skipped', mark: Figure['mark']): Figure => ({
    count: counts[name],
    mark,
    name: t(`imports.result.${name}`),
    words: t(`imports.result.${name}Words`),
  });
  const checked = (name: 'duplicate' | 'invalid', mark: Figure['mark']): Figure => ({
    count: counts[name],
    mark,
    name: t(`imports.check.${name}`),
    words: t(`imports.result.${name}Words`),
  });
  const figures = [
    figure('created', 'success'),
    figure('updated', 'info'),
    figure('unchanged', 'off'),
    ...(counts.skipped > 0 ? [figure('skipped', 'off')] : []),
    ...(counts.duplicate > 0 ? [checked('duplicate', 'warning')] : []),
    checked('invalid', 'danger'),
  ];
  return <Figures label={t('imports.result.title')} figures={figures} total={counts.rows} />;
}

const minuteMs = 60_000;

/** Until when the import can be undone, and the way to do it. */
function UndoLine({ given: { id, name, counts, state, undo_until: until, started_at: startedAt } }: { given: Import }) {
  const { t } = useTranslation();
  const { day, clock } = useFormat();
  const now = useNow(minuteMs);
  const [isAsking, setAsking] = useState(false);
  const undo = useAction({ ...undoImport, onDone: () => setAsking(false) });
  if (startedAt === null || state === 'undone') return null;
  const may = until !== null && Date.parse(until) > now;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-13 text-muted">
      <Link to="/contacts" className={buttonLook('line')}>
        {t('imports.result.contacts')}
      </Link>
      {may ? (
        <>
          <Button kind="danger" icon={Undo2} onClick={() => setAsking(true)}>
            {t('imports.undo.action')}
          </Button>
          <span>{t('imports.undo.until', { day: day(until), time: clock(until) })}</span>
        </>
      ) : (
        <span>{t('imports.undo.over')}</span>
      )}
      {isAsking && may && (
        <ConfirmDialog
          title={t('imports.undo.title', { name })}
          keep={t('imports.undo.keep')}
          confirm={t('imports.undo.action')}
          busy={undo.isPending}
          onConfirm={() => undo.mutate(id)}
          onClose={() => setAsking(false)}
        >
          {counts.created > 0 && <p>{t('imports.undo.created', { count: counts.created })}</p>}
          {counts.updated > 0 && <p>{t('imports.undo.updated', { count: counts.updated })}</p>}
        </ConfirmDialog>
      )}
    </div>
  );
}
