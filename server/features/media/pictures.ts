// Looking at images: dimensions and a small picture, made in a process of its own that can be ended at any moment.
export interface Look {
  width: number;
  height: number;
  /** A small picture of it, as webp. */
  thumbnail: { sha256: string; bytes: Buffer } | undefined;
}

export interface Pictures {
  /** What is to be seen; undefined where it is no image, or one that cannot be looked at. It never throws. */
  look(path: string, mimeType: string): Promise<Look | undefined>;
  close(): Promise<void>;
}
