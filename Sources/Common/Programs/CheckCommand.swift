package import CommandLineTool
package import Settings

/// The `--check` of one program: first its settings, then what they lead to, a line each.
package protocol CheckCommand {
  associatedtype Settings: ProgramSettings

  /// Everything after the settings.
  func look(with settings: Settings, _ report: inout CheckReport)
}

extension CheckCommand {
  /// - Returns: the process's exit status.
  package func run(_ environment: Environment) -> Int32 {
    var report = CheckReport()
    var loaded: Settings?
    report.check("settings") {
      loaded = try Settings(environment)
      return "complete"
    }
    if let settings = loaded { look(with: settings, &report) }
    return report.exitStatus
  }
}
