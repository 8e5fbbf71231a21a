import { readFile } from 'node:fs/promises';
import { type GraphQLInputObjectType, isInputObjectType } from 'graphql';
import { schema } from '../../schema/index.ts';
import { CommandError } from './command-error.ts';
import { readYamlInput, type YamlInput } from './yaml-input.ts';

/** What the command says, and not the file. */
const OF_THE_CALL = ['publish', 'dryRun', 'idempotencyKey'];

/** A catalogue file says what `applyCatalog` takes, so the graph says what may be in it. */
export async function readCatalogFile(path: string): Promise<YamlInput> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new CommandError(`Cannot read ${path}: ${error.message}`);
  });
  return readCatalogText(text);
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
