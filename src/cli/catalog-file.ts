import { readFile, stat } from 'node:fs/promises';
import { type GraphQLInputObjectType, isInputObjectType } from 'graphql';
import { schema } from '../../schema/index.ts';
import { CommandError } from './command-error.ts';
import { MAX_CHARS } from './yaml-excess.ts';
import { readYamlInput, type YamlInput } from './yaml-input.ts';

/** What the command says, and not the file. */
const OF_THE_CALL = ['publish', 'dryRun', 'idempotencyKey'];

/** A catalogue file says what `applyCatalog` takes, so the graph says what may be in it. */
export async function readCatalogFile(path: string): Promise<YamlInput> {
  const text = await readBounded(path).catch((error: Error) => {
    throw new CommandError(`Cannot read ${path}: ${error.message}`);
  });
  return readCatalogText(text);
}

/** No character takes more than four bytes, so what is larger has too many of them. */
async function readBounded(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > 4 * MAX_CHARS) throw new Error(`it has more than ${MAX_CHARS} characters.`);
  return readFile(path, 'utf8');
}

export function readCatalogText(text: string): YamlInput {
  const type = schema.getType('ApplyCatalogInput');
  if (!isInputObjectType(type)) throw new Error('The graph has no ApplyCatalogInput.');
  return readYamlInput(text, {
    type,
    allows: (_type: GraphQLInputObjectType, field: string) => !OF_THE_CALL.includes(field),
    flat: { SavePlanDraftInput: 'definition' },
  });
}
