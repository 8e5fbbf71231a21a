// What `import 'drawdown/sdk'` loads. The rest is TypeScript, which is read here and only here: the project
// that we are called from keeps its own way of loading modules.
import { tsImport } from 'tsx/esm/api';

const { sdk } = await tsImport('./exports.ts', { parentURL: import.meta.url, tsconfig: false });

export const { LeaseError, openLease } = sdk;
