package import Settings
internal import Transfer

/// The chosen store with its settings.
package enum StorageSettings: Sendable {
  case s3(S3Settings)
  case local(LocalSettings)

  /// S3 if any variable names its store (see ``S3Settings``), otherwise the local directory.
  ///
  /// Nil if no variable of any store is set, for programs that can do without one.
  package init?(ifAny reader: inout SettingsReader) {
    guard let chosen = Self.remote(&reader) ?? LocalSettings(&reader).map(Self.local) else { return nil }
    self = chosen
  }

  /// Reports a problem if no variable of any store is set.
  package init(_ reader: inout SettingsReader) {
    if let chosen = Self(ifAny: &reader) {
      self = chosen
      return
    }
    reader.report(
      "THUMBNAILS_DIRECTORY is missing: the directory for thumbnails (or set R2_ACCOUNT_ID and the other R2_ variables for R2), "
        + "for example /var/lib/thumbnail-handlers")
    self = .local(LocalSettings(directory: "", publicBaseURL: ""))
  }

  /// The first store on the network for which a variable is set.
  private static func remote(_ reader: inout SettingsReader) -> Self? { S3Settings(&reader).map(Self.s3) }

  /// A new store with its own connections. Nothing is sent to it yet.
  package func makeStore() -> any ObjectStore {
    switch self {
    case .s3(let settings): S3Store(settings, client: HTTPClient(for: settings.bucketURL))
    case .local(let settings): LocalStore(settings)
    }
  }
}
