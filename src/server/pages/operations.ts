import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A published document, as GraphiQL opens it in a tab. */
export interface PublishedOperation {
  /** The first comment line of the file, or the file's name. */
  readonly title: string;
  readonly query: string;
  /** JSON text of the sibling `.variables.json`; null when there is none. */
  readonly variables: string | null;
}

/** All `.graphql` files of a folder in the order of their names; none when there is no such folder. */
export async function readOperations(folder: string): Promise<PublishedOperation[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.graphql')).sort();
  return Promise.all(files.map((file) => readOperation(folder, file, names)));
}

async function readOperation(
  folder: string,
  file: string,
  names: readonly string[],
): Promise<PublishedOperation> {
  const name = file.slice(0, -'.graphql'.length);
  const variablesFile = `${name}.variables.json`;
  const query = await readFile(join(folder, file), 'utf8');
  const variables = names.includes(variablesFile)
    ? await readFile(join(folder, variablesFile), 'utf8')
    : null;
  return { title: /^#[ \t]*(\S.*)$/m.exec(query)?.[1]?.trim() ?? name, query, variables };
}
