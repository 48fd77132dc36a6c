/** Reads the imports of a TypeScript or JavaScript text. */
import { posix } from 'node:path';
import ts from 'typescript';

/** All modules that a text names: imports, type imports, re-exports and `import()`. */
export function importsOf(text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** The modules that are loaded with a JavaScript text: its import and export declarations. */
export function staticImportsOf(text: string): string[] {
  return ts
    .createSourceFile('module.js', text, ts.ScriptTarget.ESNext)
    .statements.filter((statement) => ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))
    .flatMap(({ moduleSpecifier }) =>
      moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier) ? [moduleSpecifier.text] : [],
    );
}

/** The file that a relative import means, as a path from the root; a package's name stays as it is. */
export function resolveImport(from: string, name: string): string {
  return name.startsWith('.') ? posix.join(posix.dirname(from), name) : name;
}

/** The package of an import: `@salesforce/core` of `@salesforce/core/messages`, `node:fs` of `node:fs/promises`. */
export function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}
