internal import CommandLineTool
internal import Deadlines
internal import DecoderClient
internal import Decoding
internal import Failures
internal import FastCGI
internal import Logging
internal import Settings

/// `render SOURCE --output FILE`: runs the pipeline for one file or URL, without a database.
struct RenderCommand {
  private let source: String
  private let output: String
  private let aspectRatio: AspectRatio?
  private let timeSeconds: Double?
  private let printsJSON: Bool

  /// - Parameter arguments: what follows `render`.
  init(_ arguments: [String]) throws(Misuse) {
    var source: String?
    var values: [String: String] = [:]
    var printsJSON = false
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--json": printsJSON = true
      case "--output", "-o", "--aspect", "--time":
        guard let value = rest.popFirst() else { throw Misuse("\(argument) needs a value") }
        values[argument == "-o" ? "--output" : argument] = value
      case _ where argument.hasPrefix("--"): throw Misuse("unknown option \(argument)")
      default:
        guard source == nil else { throw Misuse("only one SOURCE can be rendered") }
        source = argument
      }
    }
    guard let source else { throw Misuse("render needs a SOURCE") }
    guard let output = values["--output"] else { throw Misuse("render needs --output FILE") }
    self.source = source
    self.output = output
    self.printsJSON = printsJSON
    aspectRatio = try values["--aspect"].map { (text) throws(Misuse) in
      guard let aspect = AspectRatio(rawValue: text) else { throw Misuse("--aspect is 16:9 or 9:16, not \(text)") }
      return aspect
    }
    timeSeconds = try values["--time"].map { (text) throws(Misuse) in
      guard let seconds = Double(text), seconds.isFinite, seconds >= 0 else {
        throw Misuse("--time is a number of seconds from 0, not \(text)")
      }
      return seconds
    }
  }

  /// - Returns: the process's exit status.
  func run(_ environment: Environment) -> Int32 {
    do {
      var reader = SettingsReader(environment)
      let settings = RenderSettings(&reader)
      let log = LogSettings(&reader, level: .warning)
      let seconds = RequestLimits(&reader).deadlineSeconds
      try reader.finish()
      let stopwatch = Stopwatch()
      let product = try make(settings, Logger(service: "auto-generate-thumbnail", settings: log), seconds: seconds)
      let pictures = product.made.pictures
      try OutputFile(output).write(pictures[0].bytes)
      let others = try pictures.dropFirst().map { picture in
        let path = besides(picture)
        try OutputFile(path).write(picture.bytes)
        return ThumbnailMetadata.Size(picture, url: path)
      }
      let metadata = ThumbnailMetadata(
        product, key: nil, sizes: others, makeMilliseconds: stopwatch.milliseconds, uploadMilliseconds: nil)
      if printsJSON {
        print(metadata.json)
      } else {
        print("\(output): \(metadata.width)×\(metadata.height) from second \(metadata.timestampSeconds)")
      }
      return 0
    } catch let error as any ClassifiedError {
      report(error.description, code: error.failureClass.rawValue, isRetryable: error.isRetryable)
    } catch {
      report("\(error)", code: FailureClass.configuration.rawValue, isRetryable: false)
    }
    return 1
  }

  private func make(_ settings: RenderSettings, _ logger: Logger, seconds: Double) throws -> Pipeline.Product<Thumbnail> {
    let pipeline = Pipeline(settings, decoders: .once, logger: logger)
    let order = Pipeline.Order(
      aspectRatio: aspectRatio, timeSeconds: timeSeconds,
      terms: Decoder.Terms(tenant: nil, deadline: .after(seconds: seconds), stillSeconds: seconds, logger: logger))
    if source.contains("://") { return try pipeline.run(url: source, order) }
    return try pipeline.run(file: LocalVideo(path: source), order)
  }

  /// The path of another size: `picture-480.webp` beside `picture.jpg`.
  private func besides(_ picture: EncodedPicture) -> String {
    let name = output.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    let stem = name.lastIndex(of: ".").map { output.dropLast(name.distance(from: $0, to: name.endIndex)) } ?? output[...]
    return "\(stem)-\(picture.longerSide).\(picture.format.fileExtension)"
  }

  private func report(_ text: String, code: String, isRetryable: Bool) {
    if printsJSON {
      let reply = FailureReport(error: text, code: code, retryable: isRetryable)
      print(String(decoding: ReplyJSON.encode(reply), as: UTF8.self))
    } else {
      StandardError.write("\(source.prefix { $0 != "?" }): \(text) (\(code))\n")
    }
  }

  private struct FailureReport: Encodable {
    let error: String
    let code: String
    let retryable: Bool
  }
}
