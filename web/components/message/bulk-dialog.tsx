// Asks before many messages are changed, with the number in the question, and says what became of them.

import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Outcome, type Resolution, resolutions, type Target } from '../../data/bulk.ts';
import { changeMany } from '../../data/messages.ts';
import { useFormat } from '../../kit/format.ts';
import { useTextOr } from '../../kit/text-or.ts';
import { toast } from '../../kit/toasts.ts';
import { useAction } from '../../kit/use-action.ts';
import { Button } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { Field, Input, Radio } from '../field.tsx';

interface Props {
  target: Target;
  onClose: (isDone: boolean) => void;
}

export function BulkDialog({ target, onClose }: Props) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [resolution, setResolution] = useState<Resolution>();
  const [progress, setProgress] = useState(0);
  const [outcome, setOutcome] = useState<Outcome>();
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const { action } = target;
  const count = target.all ? target.all.total : target.ids.length;
  const act = useAction({
    ...changeMany,
    onDone: (result: Outcome) => {
      if (result.left > 0 || result.skipped.length > 0) return setOutcome(result);
      toast(t(`queue.done.${action}`, { count: result.done }));
      onClose(true);
    },
  });
  const isUndecided = action === 'resolve' && resolution === undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (act.isPending || isUndecided) return;
    act.mutate({ target, reason: reason.trim(), resolution, onProgress: setProgress, signal: stop.current.signal });
  };
  if (outcome) return <Result action={action} outcome={outcome} onClose={() => onClose(true)} />;
  // Of all that fit a filter the number may not be known: they are several.
  const several = count ?? 2;
  const title = count === null ? t(`queue.askAll.${action}`) : t(`queue.ask.${action}`, { count });
  return (
    <Dialog
      open
      onClose={() => onClose(progress > 0)}
      title={title}
      footer={
        <>
          <Button kind="line" onClick={() => onClose(progress > 0)}>
            {t(act.isPending ? 'queue.stop' : 'queue.notNow')}
          </Button>
          <Button
            kind={action === 'cancel' ? 'danger-solid' : 'primary'}
            type="submit"
            form="bulk"
            busy={act.isPending}
            impossible={isUndecided ? t('queue.resolution.choose') : undefined}
          >
            {act.isPending && progress > 0
              ? t('queue.progress', { count: progress })
              : t(`queue.confirm.${action}`, { count: several })}
          </Button>
        </>
      }
    >
      <p>{t(`queue.askWords.${action}`, { count: several })}</p>
      <form id="bulk" onSubmit={submit} className="grid gap-4">
        {action === 'resolve' && <Resolutions count={several} value={resolution} onChange={setResolution} />}
        <Field label={t('queue.why2')} hint={t('queue.whyHint')}>
          <Input
            autoFocus={action !== 'resolve'}
            maxLength={500}
            value={reason}
            onChange={event => setReason(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  );
}

interface ResolutionsProps {
  /** How many messages. */
  count: number;
  value: Resolution | undefined;
  onChange: (value: Resolution) => void;
}

function Resolutions({ count, value, onChange }: ResolutionsProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="grid gap-2.5">
      <legend className="mb-2 text-13 font-medium text-text">{t('queue.resolution.label', { count })}</legend>
      {resolutions.map((each, index) => (
        <Radio
          key={each}
          name="resolution"
          autoFocus={index === 0}
          checked={each === value}
          onChange={() => onChange(each)}
          label={
            <>
              <span className="font-medium">{t(`queue.resolution.${each}`, { count })}</span>
              <span className="block text-13 text-muted">{t(`queue.resolution.${each}Words`, { count })}</span>
            </>
          }
        />
      ))}
    </fieldset>
  );
}

interface ResultProps {
  action: Target['action'];
  outcome: Outcome;
  onClose: () => void;
}

/** How many are done, and which are left out and why. */
function Result({ action, outcome, onClose }: ResultProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { tOr } = useTextOr();
  const because = (code: string) => tOr(`queue.skipped.${code}`, code);
  const rows = [
    ...outcome.skipped.map(({ code, count }) => ({ key: code, count, words: because(code) })),
    ...(outcome.left > 0 ? [{ key: 'left', count: outcome.left, words: t('queue.skipped.left') }] : []),
  ];
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(`queue.done.${action}`, { count: outcome.done })}
      footer={
        <Button kind="primary" autoFocus onClick={onClose}>
          {t('action.done')}
        </Button>
      }
    >
      <p>{t('queue.leftOut')}</p>
      <ul className="grid gap-1.5 text-text">
        {rows.map(({ key, count, words }) => (
          <li key={key} className="flex gap-3">
            <b className="num min-w-8 text-end">{number(count)}</b>
            <span>{words}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
