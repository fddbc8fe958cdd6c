/** The part of mocha's interface that the in-host tests use. Mocha belongs to the e2e harness, so its own types are not at hand here. */
declare function suite(name: string, body: () => void): void;
declare function test(name: string, body: (this: MochaContext) => void | Promise<void>): void;
declare function setup(body: () => void | Promise<void>): void;
declare function teardown(body: () => void | Promise<void>): void;
declare function suiteSetup(body: () => void | Promise<void>): void;
declare function suiteTeardown(body: () => void | Promise<void>): void;

interface MochaContext {
  timeout(milliseconds: number): void;
}

interface MochaTest {
  fullTitle(): string;
  readonly duration?: number;
}

interface MochaRunner {
  on(event: 'pass' | 'pending', listener: (test: MochaTest) => void): MochaRunner;
  on(event: 'fail', listener: (test: MochaTest, error: Error) => void): MochaRunner;
}

declare module 'mocha/mocha.js';

/** Mocha's build for browsers sets this global. */
declare class Mocha {
  constructor(options: { ui: 'tdd'; reporter: () => void; timeout: number });
  readonly suite: { emit(event: 'pre-require', context: typeof globalThis, file: string, mocha: Mocha): void };
  run(done: (failures: number) => void): MochaRunner;
}

/** Which extension host a bundle is for; the harness puts the value in. */
declare const __HOST__: 'node' | 'web';
