package import CommandLineTool
package import Settings

/// The `--check` of a program: it checks the settings first, then what depends on them, and prints a line for each.
package protocol CheckCommand {
  associatedtype Settings: ProgramSettings

  /// Checks everything after the settings.
  func look(with settings: Settings, _ report: inout CheckReport)
}

extension CheckCommand {
  /// - Returns: the process's exit status.
  package func run(_ environment: Environment) -> Int32 {
    var report = CheckReport()
    var reader = SettingsReader(environment)
    let settings = Settings(&reader, isLasting: true)
    report.check("settings") {
      try reader.finish()
      return "complete"
    }
    for (name, meant) in reader.misspelt {
      report.advise("settings") { throw CheckProblem("\(name) is set, and nobody reads it: is \(meant) meant?") }
    }
    if let name = reader.environment.proxy {
      report.advise("settings") {
        throw CheckProblem("\(name) is set, and not used: origins, the store and the handlers are connected to directly")
      }
    }
    if report.isGood { look(with: settings, &report) }
    return report.exitStatus
  }
}
