// The kinds of files that the composer sends, each as a type of message.

export const fileKinds = ['image', 'video', 'audio', 'document'] as const;
export type FileKind = (typeof fileKinds)[number];
