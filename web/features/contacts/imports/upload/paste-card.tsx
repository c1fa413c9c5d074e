import { useTranslation } from 'react-i18next';
import { Button } from '../../../../components/button.tsx';
import { Area, Field } from '../../../../components/field.tsx';
import { Card, CardBody, CardHead } from '../../../../components/surfaces.tsx';
import { useForm } from '../../../../kit/form.ts';
import { useUploadError } from './upload-words.ts';
import type { useUpload } from './use-upload.ts';

/** Takes rows that somebody pastes, as a file of their own. */
export function PasteCard({ upload: { sending, failed, start } }: { upload: ReturnType<typeof useUpload> }) {
  const { t } = useTranslation();
  const failure = useUploadError(failed?.isPasted ? failed.error : undefined);
  const { form, input, errors, values } = useForm({
    start: { rows: '' },
    check: ({ rows }) => (rows.trim() === '' ? { rows: t('imports.upload.pasteMissing') } : {}),
    send: ({ rows }) => {
      const file = new Blob([rows], { type: 'text/csv' });
      return start({ file, name: t('imports.upload.pasteName'), isPasted: true });
    },
  });
  return (
    <Card>
      <CardHead title={t('imports.upload.paste')} />
      <CardBody>
        <form {...form} className="grid gap-4">
          <Field label={t('imports.upload.pasted')} hint={t('imports.upload.pasteHint')} error={errors.rows ?? failure}>
            <Area
              rows={5}
              spellCheck={false}
              // The example is from left to right.
              dir={values.rows === '' ? 'ltr' : 'auto'}
              className="font-mono text-13"
              placeholder={'phone,name,city\n+5511987654321,Ana Souza,Lisboa'}
              {...input('rows')}
            />
          </Field>
          <Button kind="line" type="submit" busy={sending !== undefined} className="justify-self-start">
            {t('imports.upload.go')}
          </Button>
        </form>
      </CardBody>
    </Card>
  );
}
