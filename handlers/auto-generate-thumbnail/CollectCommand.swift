internal import CommandLineTool
internal import Database
internal import DatabaseClient
internal import Deadlines
internal import GarbageCollection
internal import Logging
internal import Settings
internal import Uploads

/// `gc [--dry-run]`: runs the garbage collector over the whole store.
struct CollectCommand {
  private let isDry: Bool

  init(_ arguments: [String]) throws(Misuse) {
    for argument in arguments where argument != "--dry-run" { throw Misuse("gc knows --dry-run, not \(argument)") }
    isDry = arguments.contains("--dry-run")
  }

  /// - Returns: the process's exit status, 1 if an object could not be deleted.
  func run(_ environment: Environment) -> Int32 {
    do {
      var reader = SettingsReader(environment)
      let log = LogSettings(&reader, level: .warning)
      let database = DatabaseSettings(&reader)
      let storage = StorageSettings(&reader)
      let collection = CollectionSettings(&reader)
      try reader.finish()
      let logger = Logger(service: "auto-generate-thumbnail", settings: log)
      let collector = GarbageCollector(
        CollectionQueries(Session(database, logger: logger)), store: storage.makeStore(), settings: collection, logger: logger)
      var nextLine = Deadline.after(seconds: 1)
      let report = try collector.run(isDry: isDry, deadline: .after(seconds: 86_400)) { key in
        print(key)
      } progress: { report in
        guard nextLine.hasPassed else { return }
        nextLine = .after(seconds: 1)
        StandardError.write("\(report.listed) listed, \(report.orphans) left behind, \(report.deleted) deleted\n")
      }
      StandardError.write(
        "\(report.listed) objects listed, \(report.orphans) left behind by workers that died; "
          + (isDry ? "\(report.deleted) would be deleted\n" : "\(report.deleted) deleted, \(report.failed) could not be\n"))
      return report.failed == 0 ? 0 : 1
    } catch {
      StandardError.write("auto-generate-thumbnail gc: \(error.inFull)\n")
      return 1
    }
  }
}
