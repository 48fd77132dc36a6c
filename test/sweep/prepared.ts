/** An org that has everything that a command needs. */
import { RunLab } from '../scenarios/runLab.ts';
import { imageOf, type OrgImage } from '../simulated-org/world/orgImage.ts';
import type { SimulatedOrgOptions } from '../simulated-org/world/simulatedOrg.ts';

type Prepared<Command> = { readonly lab: RunLab; readonly command: Command };

/** The caller stops the org. */
export type Prepare<Command> = (options: SimulatedOrgOptions) => Promise<Prepared<Command>>;

/** In each org anew. */
export function inEachOrg<Command>(prepare: (lab: RunLab) => Promise<Command>): Prepare<Command> {
  return async (options) => {
    const lab = await RunLab.start(options);
    try {
      return { lab, command: await prepare(lab) };
    } catch (error) {
      await lab.stop();
      throw error;
    }
  };
}

/**
 * What takes long is made once, and each org begins with a copy of that one; files and run folders of it are read, never written.
 * The org must be at rest: jobs under way are in no image.
 */
export function afterOnce<Made, Command>(
  make: (lab: RunLab) => Promise<Made> | Made,
  prepare: (lab: RunLab, made: Made) => Promise<Command>,
): Prepare<Command> {
  let making: Promise<{ readonly made: Made; readonly image: OrgImage }> | undefined;
  return async (options) => {
    making ??= makeOnce(options, make);
    const { made, image } = await making;
    return inEachOrg((lab) => prepare(lab, made))({ ...options, image });
  };
}

async function makeOnce<Made>(
  options: SimulatedOrgOptions,
  make: (lab: RunLab) => Promise<Made> | Made,
): Promise<{ readonly made: Made; readonly image: OrgImage }> {
  const lab = await RunLab.start(options);
  const made = await make(lab);
  const image = imageOf(lab.org);
  // Its folders are those of all the others.
  await lab.org.stop();
  return { made, image };
}
