/** What `disable` and `enable` share. */
import { planChangeRun, type ChangeRunRequest } from '../run/changeRun.js';
import { rememberRun } from '../store/mostRecent.js';
import { RunFault } from '../model/faults.js';
import type { RunResult } from '../store/runResult.js';
import { commandRun } from './commandRun.js';
import { canAsk, type CommandScreen } from './screen.js';

export type ChangeCommand = {
  readonly screen: CommandScreen;
  /** sf's state folder. */
  readonly stateDir: string;
  readonly noPrompt: boolean;
  /** Minutes; undefined: until done. */
  readonly wait: number | undefined;
  readonly connect: Parameters<typeof planChangeRun>[1];
  readonly request: ChangeRunRequest;
};

/** @throws SfError */
export async function changeCommand(command: ChangeCommand): Promise<RunResult> {
  const { screen, request, noPrompt, wait } = command;
  // Known before any call, once flags and files are in order: nobody can be asked, and nobody has said yes.
  const connect = async (): ReturnType<ChangeCommand['connect']> => {
    if (!request.dryRun && !noPrompt && !canAsk(screen.json)) {
      throw new RunFault('needsNoPrompt', { operation: request.operation });
    }
    return command.connect();
  };
  return commandRun({
    screen,
    title: `title.${request.operation}`,
    noPrompt,
    wait,
    begin: async (emit, stop) => {
      const { run, client, facts } = await planChangeRun(request, connect, emit, stop);
      await rememberRun(command.stateDir, run.folder);
      return { run, prepare: () => Promise.resolve({ client, facts }), guards: request, dryRun: request.dryRun };
    },
  });
}
