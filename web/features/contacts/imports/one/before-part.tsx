// The steps before an import runs: the columns, and the check of what will happen.
import { ApiError, type Import } from '@recado/client';
import { useNavigate } from '@tanstack/react-router';
import { CircleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../../components/button.tsx';
import { cancelImport, runImport, takeAndRun, updateImport } from '../../../../data/imports.ts';
import { useFormat } from '../../../../kit/format.ts';
import { useAction, useErrorWords } from '../../../../kit/use-action.ts';
import { bodyOf, type Changes, isChanged } from '../changes.ts';
import { BadRows, unreadableOf } from './bad-rows.tsx';
import { CheckFigures, Checking } from './check-figures.tsx';
import { ColumnsCard } from './columns-card.tsx';
import { IfKnown } from './if-known.tsx';
import { Preview } from './preview.tsx';
import { SecondPhone } from './second-phone.tsx';
import { Suggestions } from './suggestions.tsx';

interface Props {
  given: Import;
  step: 'columns' | 'check';
  onStep: (step: 'columns' | 'check') => void;
}

export function BeforePart({ given, step, onStep }: Props) {
  const { t } = useTranslation();
  const [changes, setChanges] = useState<Changes>({});
  const check = useAction({
    ...updateImport,
    quiet: true,
    onDone: () => {
      setChanges({});
      onStep('check');
    },
  });
  const errors = useFieldErrors(check.error);
  const isDirty = isChanged(given, changes);
  const checkNow = () => check.mutate({ id: given.id, ...bodyOf(given, changes) });
  const columns = (
    <ColumnsCard
      given={given}
      changes={changes}
      onChange={some => {
        check.reset();
        setChanges(before => ({ ...before, ...some }));
      }}
      errors={errors.fields}
    />
  );
  const wrong = errors.form !== undefined && <Wrong>{errors.form}</Wrong>;
  if (step === 'columns')
    return (
      <>
        {columns}
        <Bar start={wrong || <DiscardButton id={given.id} />}>
          <Button
            kind="primary"
            busy={check.isPending}
            onClick={given.state === 'uploaded' || isDirty ? checkNow : () => onStep('check')}
          >
            {t('imports.columns.check')}
          </Button>
        </Bar>
      </>
    );
  const isReady = given.state === 'ready';
  return (
    <>
      {isReady ? <CheckFigures given={given} /> : <Checking given={given} />}
      {isReady && <Suggestions given={given} />}
      {isReady && !isDirty && <SecondPhone given={given} />}
      {columns}
      {isReady && unreadableOf(given) > 0 && <BadRows given={given} />}
      {isReady && <Preview given={given} />}
      <Bar
        start={
          wrong || (
            <div className="grid gap-1.5">
              {isReady && <Fitting given={given} />}
              <IfKnown given={given} />
            </div>
          )
        }
      >
        <Button kind="line" onClick={() => onStep('columns')}>
          {t('imports.check.back')}
        </Button>
        {isDirty ? (
          <Button kind="primary" busy={check.isPending} onClick={checkNow}>
            {t('imports.columns.checkAgain')}
          </Button>
        ) : (
          <RunButton given={given} />
        )}
      </Bar>
    </>
  );
}

interface FieldErrors {
  /** By the path of the API. */
  fields: Readonly<Record<string, string>>;
  /** What belongs to no field. */
  form: string | undefined;
}

const hasField = /^(columns\[\d+\]|default_country|dates|create_labels|opt_out_category)/;

function useFieldErrors(error: unknown): FieldErrors {
  const inWords = useErrorWords();
  if (!error) return { fields: {}, form: undefined };
  const given = error instanceof ApiError ? error.errors : [];
  const known = given.filter(({ field }) => hasField.test(field));
  const fields = Object.fromEntries(known.map(({ field, message }) => [field, message]));
  const [other] = given.filter(({ field }) => !hasField.test(field));
  return { fields, form: known.length > 0 && !other ? undefined : (other?.message ?? inWords(error)) };
}

const Wrong = ({ children }: { children: ReactNode }) => (
  <p role="alert" className="flex gap-1.5 text-13 text-danger">
    <CircleAlert size={16} strokeWidth={1.75} className="mt-0.5 flex-none" aria-hidden="true" />
    <span>{children}</span>
  </p>
);

/** Stays at the bottom of the window. */
const Bar = ({ start, children }: { start: ReactNode; children: ReactNode }) => {
  const { t } = useTranslation();
  return (
    <section
      aria-label={t('imports.goOn')}
      className="sticky bottom-18 z-(--z-sticky) flex flex-wrap items-center gap-x-3 gap-y-2 rounded-card bg-raised p-2 ps-4 shadow-float md:bottom-4"
    >
      <div className="min-w-0 flex-1 text-13 max-md:basis-full">{start}</div>
      <div className="flex flex-wrap items-center gap-2">{children}</div>
    </section>
  );
};

function DiscardButton({ id }: { id: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cancel = useAction({ ...cancelImport, onDone: () => void navigate({ to: '/contacts/imports' }) });
  return (
    <Button kind="quiet" busy={cancel.isPending} className="-ms-3" onClick={() => cancel.mutate(id)}>
      {t('imports.check.discard')}
    </Button>
  );
}

/** How many rows fit now, and what must happen to the others. */
function Fitting({ given }: { given: Import }) {
  const { t } = useTranslation();
  const { list, number } = useFormat();
  const { counts } = given;
  if (counts.suggested + counts.two_readings === 0) return null;
  const parts = [
    t('imports.fit.now', { n: number(counts.new + counts.known) }),
    ...(counts.suggested > 0 ? [t('imports.fit.certain', { n: number(counts.suggested) })] : []),
    ...(counts.two_readings > 0 ? [t('imports.fit.choose', { n: number(counts.two_readings) })] : []),
    ...(unreadableOf(given) > 0 ? [t('imports.fit.left', { n: number(unreadableOf(given)) })] : []),
  ];
  return <p className="num">{list(parts)}</p>;
}

function RunButton({ given: { id, state, counts, if_known: ifKnown } }: { given: Import }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const run = useAction(runImport);
  const takeAll = useAction(takeAndRun);
  const skips = ifKnown === 'skip';
  const count = counts.new + (skips ? 0 : counts.known);
  const withTaken = count + counts.suggested_new + (skips ? 0 : counts.suggested_known);
  const takes = state === 'ready' && counts.suggested > 0 && withTaken > 0;
  const impossible = state !== 'ready' ? t('imports.check.wait') : count === 0 ? t('imports.check.nothing') : undefined;
  const busy = run.isPending || takeAll.isPending;
  const without = (
    <Button
      kind={takes ? 'line' : 'primary'}
      busy={run.isPending}
      impossible={impossible}
      onClick={() => run.mutate(id)}
    >
      {state === 'ready' ? t('imports.check.run', { count }) : t('imports.import')}
    </Button>
  );
  if (!takes) return without;
  return (
    <>
      {count > 0 && without}
      <Button kind="primary" busy={busy} onClick={() => takeAll.mutate(id)}>
        {t('imports.suggested.takeAndRun', { n: number(counts.suggested), people: number(withTaken) })}
      </Button>
    </>
  );
}
