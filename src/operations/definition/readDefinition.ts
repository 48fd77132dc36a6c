/** Reads the definition file of `sync`: YAML or JSON. */
import type { DefinitionFile } from '../../model/definition/definition.js';

/** @throws InputFileError missing, folder, unreadable, utf16, binary, notUtf8; DefinitionRejected with all faults at once */
export async function readDefinition(path: string): Promise<DefinitionFile> {
  return Promise.reject(new Error(`No reader yet for ${path}`));
}
