// What an import will do, in figures, before anything is written.
import type { Import } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Progress } from '../../../../components/gauge.tsx';
import { Card } from '../../../../components/surfaces.tsx';
import { useFormat } from '../../../../kit/format.ts';
import { Figures } from '../figures.tsx';

export function CheckFigures({ given: { counts, if_known: ifKnown, new_labels: newLabels } }: { given: Import }) {
  const { t } = useTranslation();
  const { names } = useFormat();
  const words = (name: 'new' | 'duplicate' | 'invalid') => ({
    name: t(`imports.check.${name}`),
    words: t(`imports.check.${name}Words`),
  });
  const notes = [
    counts.opted_out > 0 && t('imports.check.optedOut', { count: counts.opted_out }),
    counts.unreachable > 0 && t('imports.check.unreachable', { count: counts.unreachable }),
    newLabels.length > 0 && t('imports.check.newLabels', { names: names(newLabels) }),
  ].filter(note => note !== false);
  return (
    <Figures
      label={t('imports.check.counts')}
      total={counts.rows}
      figures={[
        { count: counts.new, mark: 'success', ...words('new') },
        {
          count: counts.known,
          mark: 'info',
          name: t('imports.check.known'),
          words: t(`imports.check.knownWords.${ifKnown}`),
        },
        { count: counts.duplicate, mark: 'warning', ...words('duplicate') },
        { count: counts.invalid, mark: 'danger', ...words('invalid') },
      ]}
    >
      {notes.length > 0 && (
        <ul className="mt-4 grid gap-1 text-13 text-muted">
          {notes.map(note => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </Figures>
  );
}

/** How far the check is. */
export function Checking({ given }: { given: Import }) {
  const { t } = useTranslation();
  return (
    <Card className="p-4 md:p-5">
      <ProgressOf given={given} title={t('imports.check.checking')} />
    </Card>
  );
}

/** The rows that are done, in words and as a bar. */
export function ProgressOf({ given: { progress }, title }: { given: Import; title: string }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { done, of } = progress ?? { done: 0, of: 0 };
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <h2>{title}</h2>
        {of > 0 && (
          <span className="num text-13 text-muted">
            {t('imports.check.progress', { done: number(done), of: number(of) })}
          </span>
        )}
      </div>
      <Progress share={of > 0 ? done / of : 0} label={title} />
    </div>
  );
}
