import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { SourceFile } from './source-text.ts';

const FOLDERS = ['src', 'schema', 'test', 'bench', 'client', 'web'];
const READABLE = /\.(?:ts|tsx|js|mjs|css|graphql|sql|json)$/;
const GENERATED = /(?:^|\/)(?:generated|node_modules|dist)\/|^schema\/schema\.graphql$/;

/** Every file of ours, without those that a program wrote. */
export async function readHouse(root: string): Promise<SourceFile[]> {
  const lists = await Promise.all(FOLDERS.map((folder) => listFiles(root, folder)));
  const top = (await readdir(root)).filter((name) => /\.(?:ts|js|mjs)$/.test(name));
  const paths = [...top, ...lists.flat()].filter((path) => !GENERATED.test(path)).sort();
  return Promise.all(
    paths.map(async (path) => ({ path, source: await readFile(join(root, path), 'utf8') })),
  );
}

async function listFiles(root: string, folder: string): Promise<string[]> {
  const names = await readdir(join(root, folder), { recursive: true }).catch(() => []);
  return names
    .map((name) => `${folder}/${name.split(sep).join('/')}`)
    .filter((path) => READABLE.test(path));
}
