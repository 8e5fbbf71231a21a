import { randomUUID } from 'node:crypto';
import type { Api } from './api.ts';
import {
  APPLY_CATALOG,
  type ApplyAnswer,
  type CatalogApplied,
  type Refused,
} from './documents/catalog.ts';
import type { FileFault, YamlInput } from './yaml-input.ts';

/** What the command says beside the file. */
export interface ApplyOptions {
  readonly publish: boolean;
  readonly dryRun: boolean;
}

export interface FaultyFile {
  readonly faults: readonly FileFault[];
}

/** What a server makes of a file, or what is wrong with the file. */
export async function applyCatalog(
  api: Api,
  file: YamlInput,
  options: ApplyOptions,
): Promise<CatalogApplied | FaultyFile> {
  if (file.faults.length > 0) return { faults: file.faults };
  // The key makes a request that is sent again answer what the first one did.
  const input = { ...file.value, ...options, idempotencyKey: `catalog-${randomUUID()}` };
  const { applyCatalog: answer } = await api.send<ApplyAnswer>(APPLY_CATALOG, { input });
  return 'changes' in answer ? answer : { faults: faultsOf(file, answer) };
}

function faultsOf(file: YamlInput, { issues, path, message }: Refused): readonly FileFault[] {
  if (!issues) return [file.faultAt(path ?? '', message)];
  return issues.map((issue) => file.faultAt(issue.path, issue.message));
}
