import { useTranslation } from 'react-i18next';

/** A language code of WhatsApp such as `pt_BR`, in the words of the reader. */
export function useLanguageName(): (code: string) => string {
  const { i18n } = useTranslation();
  const names = new Intl.DisplayNames(i18n.language, { type: 'language' });
  return code => {
    try {
      return names.of(code.replace('_', '-')) ?? code;
    } catch {
      // The form of the code is right, and no language has it.
      return code;
    }
  };
}
