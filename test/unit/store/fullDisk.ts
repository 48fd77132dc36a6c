/** A disk that fills while files are written. */
import { open, type FileHandle } from 'node:fs/promises';

/** From now on half of what is written still fits. @returns what makes room again */
export async function fillDisk(): Promise<() => void> {
  const handle = await open(process.execPath);
  const prototype = Object.getPrototypeOf(handle) as object;
  await handle.close();
  const before = { write: Reflect.get(prototype, 'write') as Write, writev: Reflect.get(prototype, 'writev') as Write };
  const writeHalf = async function (this: FileHandle, given: Uint8Array | Uint8Array[]): Promise<never> {
    const [bytes = new Uint8Array()] = [given].flat();
    await Reflect.apply(before.write, this, [bytes, 0, Math.floor(bytes.length / 2)]);
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  Object.assign(prototype, { write: writeHalf, writev: writeHalf });
  return () => Object.assign(prototype, before);
}

type Write = (...given: unknown[]) => Promise<unknown>;
