/**
 * Builds the playground into one HTML file that needs no server and allows no other code than its own: script and styles stand in
 * the page, and its policy names the script by hash.
 * @module
 */
import { createHash } from 'node:crypto';
import { defineConfig, type Plugin } from 'vite';

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

// `style-src` takes a nonce, as the editors make style elements of their own. Browsers put style attributes on text that is typed.
function policyOf(script: string, nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'sha256-${digest(script)}'`,
    `style-src 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    'worker-src blob:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function singleFile(): Plugin {
  return {
    name: 'single-file',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      let script = '';
      let style = '';
      for (const [name, file] of Object.entries(bundle)) {
        if (file.type === 'chunk') script += file.code;
        else if (name.endsWith('.css')) style += String(file.source);
        else continue;
        delete bundle[name];
      }
      script = `\n${script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')}`;
      const page = bundle['index.html'];
      if (page?.type !== 'asset') throw new Error('vite made no index.html');
      const nonce = digest(style);
      const head = [
        `<meta http-equiv="Content-Security-Policy" content="${policyOf(script, nonce)}">`,
        `<style nonce="${nonce}">${style}</style>`,
      ].join('\n');
      const html = String(page.source)
        .replace(/\s*<script type="module"[^>]*><\/script>/, '')
        .replace(/\s*<link rel="stylesheet"[^>]*>/, '')
        .replace('<meta charset="utf-8">', () => `<meta charset="utf-8">\n${head}`);
      page.source = html.replace('</body>', () => `<script type="module">${script}</script>\n</body>`);
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  // fengari asks for Node.
  define: { 'process.env.FENGARICONF': 'undefined', 'typeof process': '"undefined"' },
  plugins: [singleFile()],
  build: {
    outDir: '../../build/site/playground',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
  },
});
