internal import Deadlines
package import Decoding

extension Decoder {
  /// The missing parts, without the encoders of optional formats that nobody asked for.
  static func needed(_ missing: [String], for formats: [ImageFormat]) -> [String] {
    let unasked = ImageFormat.allCases.filter { $0.isOptional && !formats.contains($0) }.map(\.lack)
    return missing.filter { !unasked.contains($0) }
  }

  /// Checks that everything needed is there, and makes the built-in clip's thumbnail in each format that has an encoder.
  ///
  /// - Parameters:
  ///   - options: what the settings ask for.
  ///   - made: called with each picture.
  /// - Returns: one line about the decoder.
  /// - Throws: `DecoderUnavailable` if something is missing or a picture is wrong; what ``make(_:of:limits:options:_:)`` throws.
  package func check(_ options: ThumbnailOptions, made: (EncodedPicture) -> Void) throws -> String {
    let summary = try start()
    let lacks = try processes.readyProgram().ready().missing
    let missing = Self.needed(lacks, for: options.formats)
    guard missing.isEmpty else { throw DecoderUnavailable("this host's libraries lack \(missing.joined(separator: ", "))") }
    let formats = ImageFormat.allCases.filter { !lacks.contains($0.lack) }
    for format in formats {
      var options = ThumbnailOptions()
      options.formats = [format]
      let result = try make(
        of: BuiltInSource(), limits: MediaLimits(), options: options,
        Terms(tenant: nil, deadline: .after(seconds: 20), stillSeconds: 10, logger: logger))
      guard case .thumbnail(let thumbnail) = result, thumbnail.sourceWidth == BuiltInClip.width else {
        throw DecoderUnavailable("the built-in clip gives a wrong picture")
      }
      thumbnail.pictures.forEach(made)
    }
    let others = ImageFormat.allCases.filter { !formats.contains($0) }.map { "; no \($0), for there is no \($0.encoder)" }
    return "\(summary), makes \(formats.map(\.rawValue).joined(separator: ", "))\(others.joined())"
  }
}
