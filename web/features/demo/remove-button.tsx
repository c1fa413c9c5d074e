// Removes the demo data, where there is some.

import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { RemoveDemoDialog } from './remove-slot.tsx';
import { useDemo } from './use-demo.ts';

/** Offered to who may delete the account and erase its people. */
export function RemoveDemoButton() {
  const { t } = useTranslation();
  const { canRemove } = useDemo();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      {canRemove && (
        <div>
          <Button kind="danger" icon={Trash2} onClick={() => setAsking(true)}>
            {t('firstRun.demo.remove')}
          </Button>
        </div>
      )}
      {isAsking && <RemoveDemoDialog onClose={() => setAsking(false)} />}
    </>
  );
}
