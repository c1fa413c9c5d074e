// The categories of messages in words.
import { useTextOr } from '../../kit/text-or.ts';

/** Says a category as WhatsApp bills it. */
export function useCategoryWords(): (category: string) => string {
  const { tOr } = useTextOr();
  return category => tOr(`cost.categories.${category.replace('-', '_')}`, category);
}
