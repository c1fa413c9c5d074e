// Beside the form: what arrives, WhatsApp's rules, and what WhatsApp did.
import type { Template, TemplateDetails } from '@recado/client';
import { Check, TriangleAlert, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { TemplatePreview } from '../../../components/message/template-preview.tsx';
import { shapeOf } from '../../../components/message/template-shape.ts';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { useFormat } from '../../../kit/format.ts';
import { useTemplateWords } from '../../../words/template.ts';
import { type Draft, previewOf } from './draft.ts';
import { type Checked, offerIn } from './rules.ts';

export function PreviewCard({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const isCode = draft.category === 'AUTHENTICATION';
  return (
    <Card className="bg-canvas!">
      <CardHead title={t('templates.preview')} />
      <CardBody>
        {isCode ? (
          <p className="text-13 text-muted">{t('templates.codeWords')}</p>
        ) : (
          <TemplatePreview
            theirs
            shape={shapeOf(previewOf(draft) as Template)}
            values={draft.samples}
            header={draft.file && <bdi className="cut text-13">{draft.file.filename}</bdi>}
          />
        )}
      </CardBody>
    </Card>
  );
}

export function RulesCard({ draft, checked }: { draft: Draft; checked: readonly Checked[] }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const offer = offerIn(draft);
  const held = checked.filter(({ holds }) => holds).length;
  return (
    <Card>
      <CardHead title={t('templates.rules')}>
        <span className="num text-13 text-muted">
          {t('templates.rulesHold', { held: number(held), all: number(checked.length) })}
        </span>
      </CardHead>
      <CardBody>
        <ul className="grid gap-2 text-13" aria-live="polite">
          {checked.map(({ rule, holds }) => (
            <li key={rule} className="flex gap-2">
              {holds ? (
                <Check size={16} strokeWidth={1.75} className="mt-0.5 flex-none text-success" aria-hidden="true" />
              ) : (
                <X size={16} strokeWidth={1.75} className="mt-0.5 flex-none text-danger" aria-hidden="true" />
              )}
              <span>
                <span className="sr-only">{t(holds ? 'templates.ruleHolds' : 'templates.ruleBroken')}</span>{' '}
                {t(`templates.rule.${rule}`)}
              </span>
            </li>
          ))}
          {offer !== undefined && (
            <li className="flex gap-2">
              <TriangleAlert
                size={16}
                strokeWidth={1.75}
                className="mt-0.5 flex-none text-warning"
                aria-hidden="true"
              />
              <span>
                {t('templates.offer', { text: offer })} <span className="text-muted">{t('templates.offerWords')}</span>
              </span>
            </li>
          )}
        </ul>
      </CardBody>
    </Card>
  );
}

export function HistoryCard({ history }: Pick<TemplateDetails, 'history'>) {
  const { t } = useTranslation();
  const { when, exact } = useFormat();
  const words = useTemplateWords();
  if (history.length === 0) return null;
  const shownValue = (change: string, value: string | null) => {
    if (value === null) return undefined;
    if (change === 'status' || change === 'created') return words.status(value);
    if (change === 'category') return words.category(value);
    return change === 'quality' ? (words.quality(value) ?? t('templates.notRated')) : undefined;
  };
  return (
    <Card>
      <CardHead title={t('templates.history')} />
      <CardBody>
        <ol className="grid gap-2.5 text-13">
          {history.map(({ at, change, from, to, reason }) => (
            <li key={`${at} ${change} ${to}`} className="flex items-baseline justify-between gap-3">
              <span className="min-w-0">
                {t(`templates.change.${change}`)}
                {shownValue(change, to) !== undefined && (
                  <span className="text-muted">
                    {': '}
                    {[shownValue(change, from), shownValue(change, to)].filter(Boolean).join(' → ')}
                  </span>
                )}
                {reason !== null && reason !== 'NONE' && (
                  <span className="block text-danger">{words.reason({ reason })}</span>
                )}
              </span>
              <time dateTime={at} title={exact(at)} className="flex-none text-muted">
                {when(at)}
              </time>
            </li>
          ))}
        </ol>
      </CardBody>
    </Card>
  );
}
