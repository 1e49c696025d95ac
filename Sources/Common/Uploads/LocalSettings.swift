internal import Settings

/// A directory that nginx serves at `/thumbnails/`.
package struct LocalSettings: Sendable {
  /// The directory that contains `thumbnails/…`. It has to exist.
  package let directory: String
  /// The beginning of public URLs.
  package let publicBaseURL: String
}

extension LocalSettings {
  /// Nil if no directory is set.
  init?(_ reader: inout SettingsReader) {
    reader.begin("Store: a folder")
    directory = reader.text(
      "THUMBNAILS_DIRECTORY", meaning: "the local store, used if neither R2 nor S3 is set; nginx serves it at `/thumbnails/`")
    let url = reader.baseURL(
      "PUBLIC_BASE_URL", "SUPABASE_URL", "VITE_SUPABASE_URL", required: directory.isEmpty ? nil : "PUBLIC_BASE_URL",
      meaning: "what public URLs of the local store start with")
    publicBaseURL = url ?? ""
    if directory.isEmpty { return nil }
    // Another program starts in another working directory, and would look for the pictures there.
    if !directory.hasPrefix("/") {
      reader.report(
        "THUMBNAILS_DIRECTORY is \"\(directory)\", expected a path from the root, for example /var/lib/thumbnail-handlers")
    }
  }
}
