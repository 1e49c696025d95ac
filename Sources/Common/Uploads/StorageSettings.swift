package import Settings
internal import Transfer

/// The chosen store with its settings.
package enum StorageSettings: Sendable {
  case s3(S3Settings)
  case local(LocalSettings)

  /// S3 if any variable names its store (see ``S3Settings``), otherwise the local directory.
  package init(_ reader: inout SettingsReader) {
    self = Self.remote(&reader) ?? .local(LocalSettings(&reader))
  }

  /// Nil if no variable of any store is set, for programs that can do without one.
  package init?(ifAny reader: inout SettingsReader) {
    guard let chosen = Self.remote(&reader) ?? LocalSettings(ifAny: &reader).map(Self.local) else { return nil }
    self = chosen
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
