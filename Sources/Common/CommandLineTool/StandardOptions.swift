internal import Glibc

/// The options that every executable has.
package struct StandardOptions {
  /// The arguments without the program's own name, from which the program reads its commands.
  package let arguments = Array(CommandLine.arguments.dropFirst())
  let name: String
  private let help: String

  /// - Parameters:
  ///   - name: the executable's name.
  ///   - help: printed for `--help`.
  package init(name: String, help: String) {
    self.name = name
    self.help = help
  }

  /// Answers `--help` or `--version`, if given, and ends the process. So does an argument that is not UTF-8: Swift replaces such bytes, and
  /// another file would be read or written than the one that is named.
  package func answerHelpAndVersion() {
    for (index, argument) in arguments.enumerated() {
      guard let raw = unsafe CommandLine.unsafeArgv[index + 1], unsafe String(validatingCString: raw) == nil else { continue }
      refuse("\(argument) is not UTF-8: rename the file, or give it a link with another name")
    }
    if arguments.contains(where: { $0 == "--help" || $0 == "-h" }) {
      print(help)
      finish(0)
    }
    if arguments.contains("--version") {
      print("\(name) \(Version.current)")
      finish(0)
    }
  }

  /// Ends the process because the command line is not valid.
  package func refuse(_ reason: String) -> Never {
    StandardError.write("\(name): \(reason)\ntry `\(name) --help`\n")
    exit(2)
  }

  /// Ends the process because its settings are not usable, or this host lacks what it needs.
  package func fail(_ error: any Error) -> Never {
    StandardError.write("\(name): \(error)\n")
    exit(EX_CONFIG)
  }
}
