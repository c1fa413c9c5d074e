// The languages of the app. Only the one in use is loaded.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { texts as alertsEnglish } from '../locales/en/alerts.ts';
import type { texts as laterEnglish } from '../locales/en/campaigns.ts';
import type { texts as costEnglish } from '../locales/en/cost.ts';
import type { texts as developersEnglish } from '../locales/en/developers.ts';
import type { texts as english } from '../locales/en/index.ts';
import type { texts as notificationsEnglish } from '../locales/en/notifications.ts';
import type { texts as overviewEnglish } from '../locales/en/overview.ts';
import type { texts as settingsEnglish } from '../locales/en/settings.ts';

const languages = { en: 'English', pt: 'Português', es: 'Español', ar: 'العربية' } as const;
export type Language = keyof typeof languages;
export const languageOptions = Object.entries(languages).map(([value, label]) => ({ value: value as Language, label }));

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: {
      translation: typeof english &
        typeof developersEnglish &
        typeof alertsEnglish &
        typeof laterEnglish &
        typeof costEnglish &
        typeof notificationsEnglish &
        typeof overviewEnglish &
        typeof settingsEnglish;
    };
    returnNull: false;
  }
}

const key = 'recado.language';
const isLanguage = (given: string | null | undefined): given is Language => !!given && Object.hasOwn(languages, given);

const textsOf: Record<Language, () => Promise<{ texts: object }>> = {
  en: () => import('../locales/en/index.ts'),
  pt: () => import('../locales/pt/index.ts'),
  es: () => import('../locales/es/index.ts'),
  ar: () => import('../locales/ar/index.ts'),
};

/** Texts that come with their pages, by the feature that has them. */
const laterTexts = {
  developers: {
    en: () => import('../locales/en/developers.ts'),
    pt: () => import('../locales/pt/developers.ts'),
    es: () => import('../locales/es/developers.ts'),
    ar: () => import('../locales/ar/developers.ts'),
  },
  alerts: {
    en: () => import('../locales/en/alerts.ts'),
    pt: () => import('../locales/pt/alerts.ts'),
    es: () => import('../locales/es/alerts.ts'),
    ar: () => import('../locales/ar/alerts.ts'),
  },
  campaigns: {
    en: () => import('../locales/en/campaigns.ts'),
    pt: () => import('../locales/pt/campaigns.ts'),
    es: () => import('../locales/es/campaigns.ts'),
    ar: () => import('../locales/ar/campaigns.ts'),
  },
  cost: {
    en: () => import('../locales/en/cost.ts'),
    pt: () => import('../locales/pt/cost.ts'),
    es: () => import('../locales/es/cost.ts'),
    ar: () => import('../locales/ar/cost.ts'),
  },
  notifications: {
    en: () => import('../locales/en/notifications.ts'),
    pt: () => import('../locales/pt/notifications.ts'),
    es: () => import('../locales/es/notifications.ts'),
    ar: () => import('../locales/ar/notifications.ts'),
  },
  overview: {
    en: () => import('../locales/en/overview.ts'),
    pt: () => import('../locales/pt/overview.ts'),
    es: () => import('../locales/es/overview.ts'),
    ar: () => import('../locales/ar/overview.ts'),
  },
  settings: {
    en: () => import('../locales/en/settings.ts'),
    pt: () => import('../locales/pt/settings.ts'),
    es: () => import('../locales/es/settings.ts'),
    ar: () => import('../locales/ar/settings.ts'),
  },
} satisfies Record<string, Record<Language, () => Promise<{ texts: object }>>>;
type LaterTexts = keyof typeof laterTexts;

/** The features whose texts are loaded: another language needs them too. */
const loaded = new Set<LaterTexts>();

async function addTexts(of: LaterTexts, language: Language): Promise<void> {
  const { texts } = await laterTexts[of][language]();
  i18next.addResourceBundle(language, 'translation', texts, true, true);
}

/** Loads a page together with the texts of its feature. */
export async function withTexts<Page>(of: LaterTexts, page: Promise<Page>): Promise<Page> {
  loaded.add(of);
  const [loadedPage] = await Promise.all([page, addTexts(of, currentLanguage())]);
  return loadedPage;
}

/** The chosen language, or the first of the browser's that we have. */
function preferred(): Language {
  const chosen = localStorage.getItem(key);
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map(tag => tag.split('-')[0]).find(isLanguage) ?? 'en';
}

function show(language: Language): void {
  document.documentElement.lang = language;
  document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
}

/** The language that is shown. */
export const currentLanguage = (): Language => i18next.language as Language;

export async function startLanguage(): Promise<void> {
  const language = preferred();
  const { texts: translation } = await textsOf[language]();
  show(language);
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation } },
    interpolation: { escapeValue: false },
  });
}

export async function setLanguage(language: Language): Promise<void> {
  const { texts: translation } = await textsOf[language]();
  i18next.addResourceBundle(language, 'translation', translation, true, true);
  await Promise.all([...loaded].map(of => addTexts(of, language)));
  localStorage.setItem(key, language);
  show(language);
  await i18next.changeLanguage(language);
}
