/** `version` of package.json. esbuild.mjs and vitest.config.ts put the value in. */
declare const __VERSION__: string;

/** `true` in every bundle, `false` in unit tests: there Chevrotain validates its grammars. */
declare const __PRODUCTION__: boolean;
