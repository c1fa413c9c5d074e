// What WhatsApp says of a number and its credentials, check by check.
import type { AccountCheck } from '@recado/contract';
import { CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import { useTranslation } from 'react-i18next';

const marks = {
  ok: { icon: CircleCheck, look: 'text-success' },
  failed: { icon: CircleX, look: 'text-danger' },
  open: { icon: CircleDashed, look: 'text-faint' },
};

interface Props {
  names: readonly AccountCheck['name'][];
  checks: readonly AccountCheck[];
  busy: boolean;
}

/** The checks in order; one that has no answer yet is open. */
export function Checks({ names, checks, busy }: Props) {
  const { t } = useTranslation();
  const next = names.find(name => !checks.some(check => check.name === name));
  return (
    <ul aria-live="polite" aria-busy={busy}>
      {names.map(name => {
        const check = checks.find(each => each.name === name);
        const state = !check ? 'open' : check.ok ? 'ok' : 'failed';
        const { icon: Icon, look } = marks[state];
        return (
          <li key={name} className="flex gap-2.5 border-b border-border py-2.5 last:border-0">
            {busy && name === next ? (
              <span className="spin mt-1 text-accent-text" aria-hidden="true" />
            ) : (
              <Icon
                size={16}
                strokeWidth={1.75}
                className={`mt-0.5 ${look}`}
                role="img"
                aria-label={t(`check.state.${state}`)}
              />
            )}
            <div className="min-w-0">
              <span className="font-medium text-text">{t(`check.${name}`)}</span>
              {check && (
                <p className="text-13 wrap-anywhere text-muted">
                  <bdi>{check.message}</bdi>
                </p>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
