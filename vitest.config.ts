import { defineConfig } from 'vitest/config';

// fast: needs nothing but Node. slow: needs gcc, luajit, DHCP clients or much time. package: the packed tarball.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/{unit,contract,property,golden,examples,types}/**/*.test.ts'],
          // Nothing is timed: a busy machine is slow, not wrong. What must not hang ends here.
          testTimeout: 240_000,
          provide: { isEvalAllowed: true },
        },
      },
      // The suites of the views and of the jit engine again, without `new Function`.
      {
        test: {
          name: 'no-eval',
          include: [
            'test/unit/view/**/*.test.ts',
            'test/property/views.test.ts',
            'test/contract/{jit,programs}.test.ts',
            'test/unit/engines/jit*.test.ts',
            'test/unit/engines/{hostile,limits,protected}.test.ts',
            'test/unit/engines/jit/{library,tools,profile}.test.ts',
          ],
          setupFiles: ['test/helpers/no-eval.ts'],
          testTimeout: 240_000,
          provide: { isEvalAllowed: false },
        },
      },
      { test: { name: 'slow', include: ['test/{differential,browser}/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000 } },
      { test: { name: 'package', include: ['test/package/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000 } },
    ],
  },
});
