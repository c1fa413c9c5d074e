// Opens the configured file stores.
import { join } from 'node:path';
import { diskStorage } from '../adapters/storage/disk.ts';
import { gatedStorage } from '../adapters/storage/gated.ts';
import { StartError } from '../kit/start-error.ts';
import { type Storage, StorageError, type Stores } from '../ports/storage.ts';
import type { Config } from './config/config.ts';
import type { MediaConfig } from './config/media-config.ts';

/** The stores of an installation, each opened once. */
export interface OpenedStores extends Stores {
  /** The configured ones. */
  names: readonly MediaConfig['store'][];
  close(): Promise<void>;
}

/**
 * Opens the store for new files now, and the others when a file in them is requested. `hasFiles` says whether a store
 * should already have files.
 * @throws StartError
 */
export async function openStores(
  config: Pick<Config, 'dataDir' | 'media'>,
  hasFiles?: (store: string) => Promise<boolean>,
): Promise<OpenedStores> {
  const { media } = config;
  const names = (['disk', 's3', 'cloudinary'] as const).filter(name => name === 'disk' || media[name] !== undefined);
  const opened = new Map<string, Promise<Storage>>();
  const openOnce = (name: MediaConfig['store']) => {
    const known = opened.get(name) ?? openStorage(config, name, hasFiles);
    opened.set(name, known);
    // Forget the failure: it may open later.
    known.catch(() => opened.delete(name));
    return known;
  };
  await openOnce(media.store);
  return {
    current: media.store,
    names,
    async open(name) {
      const set = names.find(known => known === name);
      if (set === undefined) throw new StorageError('denied', `The store ${name} has files, but is not configured.`);
      try {
        return await openOnce(set);
      } catch (error) {
        throw error instanceof StartError ? new StorageError('denied', error.message, { cause: error }) : error;
      }
    },
    async close() {
      for (const storage of opened.values()) await storage.then(open => open.close());
    },
  };
}

/**
 * Opens the store for new files, or another configured one. Network stores are not contacted yet.
 * @throws StartError if it is not configured, or its folder cannot be used
 */
export async function openStorage(
  { dataDir, media }: Pick<Config, 'dataDir' | 'media'>,
  store: MediaConfig['store'] = media.store,
  hasFiles?: (store: string) => Promise<boolean>,
): Promise<Storage> {
  if (store === 'disk') return openDisk(join(dataDir, 'media'), hasFiles && (() => hasFiles('disk')));
  if (store === 'cloudinary') {
    if (!media.cloudinary) throw new StartError('The Cloudinary store requires CLOUDINARY_URL.');
    // Each store is loaded where it is used: its packages make a start slower.
    const { cloudinaryStorage } = await import('../adapters/storage/cloudinary.ts');
    const { apiUrl, deliveryUrl, ...account } = media.cloudinary;
    return gatedStorage(
      cloudinaryStorage({
        ...account,
        ...(apiUrl !== undefined && { apiUrl }),
        ...(deliveryUrl !== undefined && { deliveryUrl }),
      }),
    );
  }
  if (!media.s3) throw new StartError('The S3 store requires AWS_S3_BUCKET.');
  const { s3Storage } = await import('../adapters/storage/s3.ts');
  const { endpoint, encryption, ...bucket } = media.s3;
  const s3 = s3Storage({
    ...bucket,
    ...(endpoint !== undefined && { endpoint }),
    ...(encryption && {
      encryption: {
        algorithm: encryption.algorithm,
        ...(encryption.kmsKeyId !== undefined && { kmsKeyId: encryption.kmsKeyId }),
      },
    }),
  });
  if (!media.cloudFront) return gatedStorage(s3);
  const { cloudFrontStorage } = await import('../adapters/storage/cloudfront.ts');
  return gatedStorage(cloudFrontStorage(s3, media.cloudFront));
}

async function openDisk(folder: string, hasFiles?: () => Promise<boolean>): Promise<Storage> {
  try {
    return await diskStorage(folder, hasFiles);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new StartError(`The media folder ${folder} cannot be opened: ${error.message}`);
  }
}
