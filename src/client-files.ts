import { App } from 'cdk8s';
import { existsSync, writeFileSync } from 'fs';
import { basename, dirname, join } from 'path';
import { ensure } from './private/validation';

/**
 * The client side's files, such as a GitLab CI job, beside the manifests.
 */
export class ClientFiles {
  /**
   * Synthesizes an app and then writes the files to its output directory.
   *
   * Nothing is written when a validation of the app fails. In a Helm chart, the files lie beside the folder of the templates.
   *
   * @param app the app
   * @param files the content of each file by its name
   */
  public static synth(app: App, files: { [name: string]: string }): void {
    Object.keys(files).forEach(name => {
      ensure(/^[\w][\w.-]*$/.test(name), 'files', "must be named with letters, digits, '_', '.' and '-'", name);
      ensure(!name.endsWith(app.outputFileExtension), 'files', `must not end in '${app.outputFileExtension}', by which manifests are known`, name);
    });
    app.synth();
    const folder = isTemplateFolder(app.outdir) ? dirname(app.outdir) : app.outdir;
    Object.entries(files).forEach(([name, content]) => writeFileSync(join(folder, name), content));
  }

  private constructor() {}
}

/** Whether Helm takes every file in the folder for a manifest; `cdk8s synth --format helm` has apps write to such a folder. */
function isTemplateFolder(folder: string): boolean {
  return basename(folder) === 'templates' && existsSync(join(dirname(folder), 'Chart.yaml'));
}
