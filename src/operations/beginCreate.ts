/** `create`, before the org is asked: what its flags and its file say. */
import { RunFault } from '../model/faults.js';
import type { Beginning, RunRequest } from './operation.js';
import type { CreateRequest } from './planSettings.js';

export type CreateRunRequest = CreateRequest &
  RunRequest & {
    /** Exactly one of the two. */
    readonly where: string | undefined;
    readonly file: string | undefined;
  };

/** @throws InputFileError, RunFault whereEmpty */
export async function beginCreate(request: CreateRunRequest): Promise<Beginning> {
  if (request.where?.trim() === '') throw new RunFault('whereEmpty');
  // What makes the plan is loaded while the org answers, and the reader of files only where there is one.
  const input =
    request.file === undefined
      ? undefined
      : await (await import('../selection/inputFile.js')).openInputFile(request.file);
  return {
    operation: 'create',
    request,
    survey: async (client) => {
      const { surveyForCreate } = await import('./create.js');
      return surveyForCreate(request, input, client);
    },
  };
}
