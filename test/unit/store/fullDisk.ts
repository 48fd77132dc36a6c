/** A disk that fills while files are written. */
import fs, { open, type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/** From now on half of what is written still fits. @returns what makes room again */
export async function fillDisk(): Promise<() => void> {
  const handle = await open(process.execPath);
  const prototype = Object.getPrototypeOf(handle) as object;
  await handle.close();
  const before = { write: Reflect.get(prototype, 'write') as Write, writev: Reflect.get(prototype, 'writev') as Write };
  const { writeFile } = fs;
  const writeHalf = async function (this: FileHandle, given: Uint8Array | Uint8Array[]): Promise<never> {
    const [bytes = new Uint8Array()] = [given].flat();
    await Reflect.apply(before.write, this, [bytes, 0, Math.floor(bytes.length / 2)]);
    throw noSpace();
  };
  const writeHalfFile = async (file: string, text: string): Promise<never> => {
    await writeFile(file, text.slice(0, Math.floor(text.length / 2)));
    throw noSpace();
  };
  const patch = (ofHandles: object, ofFiles: object): void => {
    Object.assign(prototype, ofHandles);
    Object.assign(fs, ofFiles);
    syncBuiltinESMExports();
  };
  patch({ write: writeHalf, writev: writeHalf }, { writeFile: writeHalfFile });
  return () => {
    patch(before, { writeFile });
  };
}

function noSpace(): Error {
  return Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
}

type Write = (...given: unknown[]) => Promise<unknown>;
