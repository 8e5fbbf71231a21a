#!/usr/bin/env node
// The only JavaScript of the command: it lets Node read the TypeScript of the rest.
import { register } from 'tsx/esm/api';

// The project we are called from may have a tsconfig.json, which says nothing about us.
register({ tsconfig: false });
await import('./main.ts');
