import { readFileSync } from 'node:fs';

/** The top-level folders that hold code: what the walls are between (ARCHITECTURE.md, code map). */
export const ROOMS: string[] = JSON.parse(readFileSync('tsconfig.build.json', 'utf8')).include;
