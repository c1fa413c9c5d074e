// Whether this server sends mail, and a test of it to oneself.
import type { TestMail } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Mail } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Pill } from '../../components/marks.tsx';
import { Card, CardBody, CardFoot, CardHead, Facts } from '../../components/surfaces.tsx';
import { setupStateQuery } from '../../data/installation.ts';
import { sendTestMail } from '../../data/workspace.ts';
import { useAction } from '../../kit/use-action.ts';

export function MailCard() {
  const { t } = useTranslation();
  const sends = useQuery(setupStateQuery).data?.sends_mail;
  const [result, setResult] = useState<TestMail>();
  const test = useAction({ act: sendTestMail, onDone: setResult });
  return (
    <Card>
      <CardHead title={t('workspace.mail')}>
        {sends !== undefined && (
          <Pill tone={sends ? 'success' : 'warning'}>{t(sends ? 'people.on' : 'people.off')}</Pill>
        )}
      </CardHead>
      <CardBody className="grid gap-4">
        <p className="text-13 text-muted">{t(sends === false ? 'workspace.mailOff' : 'workspace.mailWords')}</p>
        {result && <Result result={result} />}
      </CardBody>
      {sends && (
        <CardFoot>
          <Button kind="line" icon={Mail} busy={test.isPending} className="ms-auto" onClick={() => test.mutate()}>
            {t('workspace.mailTest')}
          </Button>
        </CardFoot>
      )}
    </Card>
  );
}

function Result({ result: { error, from, server, to } }: { result: TestMail }) {
  const { t } = useTranslation();
  return (
    <>
      {error ? (
        <Banner tone="danger" title={t(`workspace.mailError.${error.code}`)}>
          {t(`workspace.mailRemedy.${error.code}`)}
        </Banner>
      ) : (
        <Banner tone="info" title={t('workspace.mailSent')}>
          {t('workspace.mailSentWords')}
        </Banner>
      )}
      <Facts
        facts={[
          [t('workspace.mailTo'), <bdi key="to">{to}</bdi>],
          [t('workspace.mailFrom'), <bdi key="from">{from}</bdi>],
          [
            t('workspace.mailServer'),
            <code key="server" dir="ltr">
              {server}
            </code>,
          ],
          ...(error?.response
            ? ([
                [
                  t('workspace.mailAnswer'),
                  <code key="answer" dir="ltr">
                    {error.response}
                  </code>,
                ],
              ] as const)
            : []),
        ]}
      />
    </>
  );
}
