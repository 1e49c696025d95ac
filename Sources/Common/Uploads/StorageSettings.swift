package import Settings
internal import Transfer

/// Which store, and what is needed for it.
package enum StorageSettings: Sendable {
  case s3(S3Settings)
  case local(LocalSettings)

  /// S3 where any variable names its store (see ``S3Settings``), else the local directory.
  package init(_ reader: inout SettingsReader) {
    self = Self.remote(&reader) ?? .local(LocalSettings(&reader))
  }

  /// Nil where no variable of any store is set: for who can do without.
  package init?(ifAny reader: inout SettingsReader) {
    guard let chosen = Self.remote(&reader) ?? LocalSettings(ifAny: &reader).map(Self.local) else { return nil }
    self = chosen
  }

  /// The first store that is reached over the network of which a variable is set.
  private static func remote(_ reader: inout SettingsReader) -> Self? { S3Settings(&reader).map(Self.s3) }

  /// A new store with connections of its own. Nothing is asked of it yet.
  package func makeStore() -> any ObjectStore {
    switch self {
    case .s3(let settings): S3Store(settings, client: HTTPClient())
    case .local(let settings): LocalStore(settings)
    }
  }
}
