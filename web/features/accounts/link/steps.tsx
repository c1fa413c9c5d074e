// What to do on the phone, and what happens then.
import type { Link } from '@recado/client';
import { Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { cx } from '../../../kit/class-names.ts';
import { useFormat } from '../../../kit/format.ts';

/** The last step is about the code that is shown. */
export function Steps({ method }: { method: 'qr' | 'pairing_code' }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const steps = [t('link.step.open'), t('link.step.devices'), t(`link.step.${method}`)];
  return (
    <ol className="grid gap-0.5">
      {steps.map((step, index) => {
        const isLast = index === steps.length - 1;
        return (
          <li
            key={step}
            aria-current={isLast ? 'step' : undefined}
            className={cx(
              'flex items-center gap-3 rounded-control px-3 py-2',
              isLast ? 'bg-selected font-medium text-text' : 'text-muted',
            )}
          >
            <span
              aria-hidden="true"
              className={cx(
                'num grid size-6 flex-none place-items-center rounded-full text-12 font-strong',
                isLast ? 'bg-accent text-on-solid' : 'bg-accent-soft text-accent-text',
              )}
            >
              {number(index + 1)}
            </span>
            {step}
          </li>
        );
      })}
    </ol>
  );
}

const stages = ['linking', 'connected', 'ready'] as const;

/** From the code to the first message. */
export function WhatHappensNext({ state, history }: { state: Link['state']; history: number }) {
  const { t } = useTranslation();
  const isConnected = state === 'connected';
  const current = isConnected ? 2 : state === 'linking' ? 0 : -1;
  const words = {
    linking: t(isConnected ? 'link.stage.linked' : 'link.stage.linkingWords'),
    connected: history > 0 ? t('link.stage.history', { count: history }) : t('link.stage.connectedWords'),
    ready: t('link.stage.readyWords'),
  };
  return (
    <Card>
      <CardHead title={t('link.stage.title')} />
      <CardBody>
        <ol className="grid gap-4 md:grid-cols-3">
          {stages.map((stage, index) => (
            <li
              key={stage}
              aria-current={index === current ? 'step' : undefined}
              className={cx('grid border-t-3 pt-2.5', index <= current ? 'border-accent-line' : 'border-track')}
            >
              <b className="flex items-center gap-1.5">
                {t(`link.stage.${stage}`)}
                {index < current && (
                  <Check size={16} strokeWidth={1.75} className="text-accent-text" aria-hidden="true" />
                )}
              </b>
              <span className="num text-13 text-muted">{words[stage]}</span>
            </li>
          ))}
        </ol>
      </CardBody>
    </Card>
  );
}
