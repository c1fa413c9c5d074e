import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Pill } from '../../../components/marks.tsx';
import { Failed, Loading, Skeleton } from '../../../components/states.tsx';
import { Card, CardBody, CardHead, Setting } from '../../../components/surfaces.tsx';
import { secondFactorQuery } from '../../../data/sessions.ts';
import { toast } from '../../../kit/toasts.ts';
import { ProofDialog } from './proof-dialog.tsx';
import { RecoveryCodesDialog } from './recovery-codes.tsx';
import { SetUpDialog } from './set-up-dialog.tsx';

type Shown = 'set-up' | 'renew' | 'remove';

/** From this many codes down, the page advises to make new ones. */
const few = 3;

export function SecondFactorCard() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const factor = useQuery(secondFactorQuery);
  const [shown, setShown] = useState<Shown>();
  const [codes, setCodes] = useState<readonly string[]>();
  const close = () => setShown(undefined);
  const changed = (made?: readonly string[]) => {
    void client.invalidateQueries(secondFactorQuery);
    close();
    setCodes(made);
  };
  return (
    <Card>
      <CardHead title={t('you.factor')}>
        {factor.data && (
          <Pill tone={factor.data.enabled ? 'success' : 'warning'}>
            {t(factor.data.enabled ? 'people.on' : 'people.off')}
          </Pill>
        )}
      </CardHead>
      <CardBody>
        {factor.isPending && (
          <Loading>
            <Skeleton className="h-3 w-64" />
          </Loading>
        )}
        {factor.isError && !factor.data && (
          <Failed title={t('you.factorFailed')} error={factor.error} retry={() => void factor.refetch()} />
        )}
        {factor.data?.enabled === false && (
          <Setting title={t('you.app')} hint={t('you.factorWords')}>
            <Button kind="primary" onClick={() => setShown('set-up')}>
              {t('you.setUp')}
            </Button>
          </Setting>
        )}
        {factor.data?.enabled && (
          <>
            <Setting title={t('you.app')} hint={t('you.factorOn')}>
              <Button kind="danger" onClick={() => setShown('remove')}>
                {t('you.remove')}
              </Button>
            </Setting>
            <CodesLeft count={factor.data.recovery_codes_left} onRenew={() => setShown('renew')} />
          </>
        )}
      </CardBody>
      {shown === 'set-up' && <SetUpDialog onClose={close} onDone={changed} />}
      {shown === 'renew' && <ProofDialog what="renew" onClose={close} onDone={changed} />}
      {shown === 'remove' && (
        <ProofDialog
          what="remove"
          onClose={close}
          onDone={() => {
            changed();
            toast(t('you.removed'));
          }}
        />
      )}
      {codes && <RecoveryCodesDialog codes={codes} onClose={() => setCodes(undefined)} />}
    </Card>
  );
}

function CodesLeft({ count, onRenew }: { count: number; onRenew: () => void }) {
  const { t } = useTranslation();
  const hint = <span className={count <= few ? 'text-warning' : undefined}>{t('you.codesLeft', { count })}</span>;
  return (
    <Setting title={t('you.codes')} hint={hint}>
      <Button kind="line" onClick={onRenew}>
        {t('you.renew')}
      </Button>
    </Setting>
  );
}
