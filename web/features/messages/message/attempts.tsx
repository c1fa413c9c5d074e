// The calls to WhatsApp for a message, with their classes and codes.
import type { Account, MessageDetails } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { StatusWord } from '../../../components/tick.tsx';
import { useFormat } from '../../../kit/format.ts';
import { useErrorName } from '../../../words/failure.ts';

type Attempt = MessageDetails['attempts'][number];

export function Attempts({ message, account }: { message: MessageDetails; account: Account | undefined }) {
  const { t } = useTranslation();
  const { attempts } = message;
  const most = account?.delivery.retry.attempts;
  return (
    <Card>
      <CardHead title={t('message.attempts')}>
        {most !== undefined && attempts.length > 0 && (
          <span className="num text-13 text-muted">
            {t('message.ofAttempts', { count: attempts.length, most: Math.max(most, attempts.length) })}
          </span>
        )}
      </CardHead>
      {attempts.length === 0 ? (
        <CardBody>
          <p className="text-muted">{t('message.noAttempts')}</p>
        </CardBody>
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a section has no role without a name, and this one scrolls
        <div
          role="region"
          aria-label={t('message.attempts')}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
          tabIndex={0}
          className="overflow-x-auto rounded-card"
        >
          <table className="data-table short w-full border-separate border-spacing-0 text-13">
            <thead>
              <tr>
                {(['number', 'known', 'class', 'code', 'words', 'took'] as const).map(name => (
                  <th key={name} scope="col" className={name === 'took' ? 'end' : undefined}>
                    {t(`message.attempt.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {attempts.map(attempt => (
                <AttemptRow key={attempt.number} attempt={attempt} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function AttemptRow({ attempt }: { attempt: Attempt }) {
  const { t } = useTranslation();
  const { gap, number } = useFormat();
  const errorName = useErrorName();
  const { class: kind, code, title, status, started_at: from, ended_at: until } = attempt;
  return (
    <tr>
      <td className="num">{number(attempt.number)}</td>
      <td>
        {status === 'not_sent' ? (
          <StatusWord status="queued" word={t('message.notSent')} />
        ) : (
          <StatusWord status={status} />
        )}
      </td>
      <td>
        <code className="text-12">{kind}</code>
      </td>
      <td>
        <code className="text-12">{code}</code>
      </td>
      <td className="wide small-full text-muted">
        <bdi>{code === null ? (title ?? '') : errorName(code, title ?? '')}</bdi>
      </td>
      <td className="end">{until === null ? t('message.running') : gap(from, until)}</td>
    </tr>
  );
}
