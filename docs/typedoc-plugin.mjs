/**
 * TypeDoc with this project's pages: their titles are their first headings, and their folder says which group of the navigation
 * they are in. GitHub shows the same files, so they have no front matter.
 * @module
 */
import path from 'node:path';
import { Converter } from 'typedoc';

const GROUPS = { 'how-to': 'How-to', lua: 'Lua' };
const PROJECT = ['CHANGELOG', 'CONTRIBUTING'];

const HEADING = /^\s*# (.*)\n/;

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
    const [first] = document.content;
    const file = document.project.files.getReflectionPath(document) ?? '';
    const heading = HEADING.exec(first?.text ?? '');
    const name = path.basename(file, '.md');
    if (heading !== null) document.name = heading[1].replaceAll('`', '');
    const folder = path.basename(path.dirname(file));
    document.frontmatter['group'] = GROUPS[folder] ?? (name === 'guide' ? 'Guide' : PROJECT.includes(name) ? 'Project' : 'Explanation');
  });
  // The page has the project's name as its heading already.
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    const first = project.readme?.[0];
    if (first !== undefined) first.text = first.text.replace(HEADING, '');
  });
}
