internal import Settings

/// A directory nginx serves at `/thumbnails/`.
package struct LocalSettings: Sendable {
  /// `THUMBNAILS_DIRECTORY`: holds `thumbnails/…`; has to exist.
  package let directory: String
  /// `PUBLIC_BASE_URL`, else `SUPABASE_URL`: what public URLs start with.
  package let publicBaseURL: String

  package init(directory: String, publicBaseURL: String) {
    self.directory = directory
    self.publicBaseURL = publicBaseURL
  }

  init(_ reader: inout SettingsReader) {
    directory = reader.requiredText(
      "THUMBNAILS_DIRECTORY", meaning: "the directory for thumbnails (or set R2_ACCOUNT_ID and the other R2_ variables for R2)",
      example: "/var/lib/thumbnail-handlers")
    if let url = reader.baseURL("PUBLIC_BASE_URL", "SUPABASE_URL", "VITE_SUPABASE_URL") {
      publicBaseURL = url
    } else {
      reader.report(
        "PUBLIC_BASE_URL is missing: what the public URLs of thumbnails start with, for example https://videos.example.com")
      publicBaseURL = ""
    }
  }
}
