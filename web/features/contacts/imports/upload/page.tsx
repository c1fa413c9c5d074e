// The first step of an import: a file, or pasted rows. A sample shows what a file may look like.
import { useTranslation } from 'react-i18next';
import { Page } from '../../../../components/page.tsx';
import { ImportSteps } from '../import-steps.tsx';
import { FileCard } from './file-card.tsx';
import { PasteCard } from './paste-card.tsx';
import { RepeatedDialog } from './repeated-dialog.tsx';
import { SampleCard } from './sample-card.tsx';
import { useUpload } from './use-upload.ts';

export function UploadPage() {
  const { t } = useTranslation();
  const upload = useUpload();
  const { repeated, start, forgetRepeated } = upload;
  const example = {
    method: 'POST',
    path: '/api/v1/imports',
    file: 'customers.csv',
    sdk: "import { openAsBlob } from 'node:fs';\n\nconst file = await openAsBlob('customers.csv');\nconst { id, columns } = await recado.imports.create({ file, name: 'customers.csv' });\nawait recado.imports.update(id, { default_country: 'BR' });",
  };
  return (
    <Page
      title={t('imports.importTitle')}
      back={{ to: '/contacts/imports', label: t('imports.back') }}
      example={example}
    >
      <ImportSteps now="file" />
      <FileCard upload={upload} />
      <PasteCard upload={upload} />
      <SampleCard />
      {repeated && <RepeatedDialog {...repeated} onAgain={() => void start(repeated, true)} onClose={forgetRepeated} />}
    </Page>
  );
}
