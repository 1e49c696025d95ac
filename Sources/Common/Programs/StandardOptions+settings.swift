package import CommandLineTool
package import Settings

extension StandardOptions {
  /// Answers `--help`, `--version` or `--settings`, from which the documents are made, and ends the process if one was given.
  package func answer(_ settings: (some ProgramSettings).Type) {
    answerHelpAndVersion()
    guard arguments.contains("--settings") else { return }
    print(settings.catalogue)
    finish(0)
  }
}
