internal import Glibc

/// The options every executable here has.
package struct StandardOptions {
  /// What was given behind the program's own name. The program reads its commands from it.
  package let arguments: [String]
  private let name: String
  private let help: String

  /// - Parameters:
  ///   - name: the executable's name.
  ///   - help: the whole text of `--help`.
  ///   - arguments: what follows the program's own name.
  package init(name: String, help: String, arguments: [String]) {
    self.name = name
    self.help = help
    self.arguments = arguments
  }

  /// Answers `--help` and `--version` and ends the process where one was given.
  package func answerHelpAndVersion() {
    if arguments.contains(where: { $0 == "--help" || $0 == "-h" }) {
      print(help)
      exit(0)
    }
    if arguments.contains("--version") {
      print("\(name) \(Version.current)")
      exit(0)
    }
  }

  /// Ends the process because the command line is not understood.
  package func refuse(_ reason: String) -> Never {
    StandardError.write("\(name): \(reason)\ntry `\(name) --help`\n")
    exit(2)
  }
}
