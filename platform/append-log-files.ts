import { mkdir, open, readdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** One segment being written. Every call rejects with the system's error, code included. */
export interface SegmentFile {
  /** Writes all of `bytes` at `position`. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** The file's data is on the disk; its first failure is final for this file. */
  sync(): Promise<void>;
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

/** The disk as the append log sees it. Tests hand in one that fails. */
export interface SegmentFiles {
  /** File names in `dir`, which is made when missing. */
  list(dir: string): Promise<readonly string[]>;
  /** Rejects with EEXIST when the name is taken. The name itself is durable when this resolves. */
  create(dir: string, name: string): Promise<SegmentFile>;
  remove(dir: string, name: string): Promise<void>;
}

export const diskFiles: SegmentFiles = {
  list: listDisk,
  create: createOnDisk,
  remove: (dir, name) => unlink(`${dir}/${name}`),
};

async function listDisk(dir: string): Promise<readonly string[]> {
  const made = await mkdir(dir, { recursive: true });
  if (made !== undefined) await Promise.all([dirname(made), dirname(dir)].map(syncDirectory));
  return await readdir(dir);
}

async function createOnDisk(dir: string, name: string): Promise<SegmentFile> {
  const file = await open(`${dir}/${name}`, 'wx');
  await syncDirectory(dir);
  return {
    async write(bytes, position) {
      let done = 0;
      while (done < bytes.length) {
        const { bytesWritten } = await file.write(bytes, done, undefined, position + done);
        done += bytesWritten;
      }
    },
    sync: () => file.datasync(),
    truncate: (size) => file.truncate(size),
    close: () => file.close(),
  };
}

/** Without this a crash of the machine may forget that the file exists at all. */
async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
