import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Button, buttonLook } from '../../../../components/button.tsx';
import { Dialog } from '../../../../components/dialog.tsx';
import { importQuery } from '../../../../data/imports.ts';
import { useFormat } from '../../../../kit/format.ts';

interface Props {
  name: string;
  earlierId: string;
  onAgain: () => void;
  onClose: () => void;
}

/** Asks whether the same file shall be imported again. */
export function RepeatedDialog({ name, earlierId, onAgain, onClose }: Props) {
  const { t } = useTranslation();
  const { day, clock } = useFormat();
  const earlier = useQuery(importQuery(earlierId)).data;
  const footer = (
    <>
      <Link to="/contacts/import/$importId" params={{ importId: earlierId }} className={buttonLook('line')}>
        {t('imports.repeated.open')}
      </Link>
      <Button kind="primary" onClick={onAgain}>
        {t('imports.repeated.again')}
      </Button>
    </>
  );
  return (
    <Dialog open onClose={onClose} title={t('imports.repeated.title', { name })} footer={footer}>
      {earlier && (
        <p>
          {t('imports.repeated.words', { day: day(earlier.created_at), time: clock(earlier.created_at) })}{' '}
          {t('imports.repeated.remedy')}
        </p>
      )}
    </Dialog>
  );
}
