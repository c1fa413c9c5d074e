import { ApiError } from '@recado/client';
import { useErrorText } from '../../../../kit/use-error-text.ts';

/** Why a file was not taken: its own error names the row and the remedy. */
export function useUploadError(error: unknown): string | undefined {
  const words = useErrorText(error);
  const [ofFile] = error instanceof ApiError ? error.errors : [];
  return ofFile?.message ?? words;
}
