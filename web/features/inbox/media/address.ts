// The addresses of files, which the browser asks with its session.

export const contentOf = (mediaId: string): string => `/api/v1/media/${encodeURIComponent(mediaId)}/content`;
export const thumbnailOf = (mediaId: string): string => `/api/v1/media/${encodeURIComponent(mediaId)}/thumbnail`;
