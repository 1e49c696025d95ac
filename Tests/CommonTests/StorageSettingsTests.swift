import Settings
import Testing

@testable import Uploads

@Suite struct StorageSettingsTests {
  private static let r2 = [
    "R2_ACCOUNT_ID": "0123456789abcdef0123456789abcdef", "R2_BUCKET_NAME": "thumbs", "R2_ACCESS_KEY_ID": "placeholder-key",
    "R2_SECRET_ACCESS_KEY": "placeholder-secret", "R2_PUBLIC_DOMAIN": "thumbs.example.com",
  ]
  private static let folder = ["THUMBNAILS_DIRECTORY": "/srv/thumbnails", "SUPABASE_URL": "https://videos.example.com"]

  @Test(
    "which store",
    arguments: [
      (r2, "s3", []), (folder, "local", []), (r2.merging(folder) { $1 }, "s3", []), ([:], "none", ["THUMBNAILS_DIRECTORY"]),
      // One variable of S3's is a store that is not whole, and no folder.
      (
        folder.merging(["R2_BUCKET_NAME": "thumbs"]) { $1 }, "s3",
        ["R2_ACCOUNT_ID", "R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY", "R2_PUBLIC_DOMAIN"]
      ),
      (["THUMBNAILS_DIRECTORY": "/srv/thumbnails"], "local", ["PUBLIC_BASE_URL"]),
      (folder.merging(["THUMBNAILS_DIRECTORY": "thumbnails"]) { $1 }, "local", ["THUMBNAILS_DIRECTORY"]),
      (["SUPABASE_URL": "https://videos.example.com"], "none", ["THUMBNAILS_DIRECTORY"]),
    ] as [([String: String], String, [String])])
  func choice(environment: [String: String], kind: String, missing: [String]) {
    // Who can do without a store asks for none.
    var able = SettingsReader(Environment(environment))
    let found: String? =
      switch StorageSettings(ifAny: &able) {
      case .s3: "s3"
      case .local: "local"
      case nil: "none"
      }
    #expect(found == kind)
    var bound = SettingsReader(Environment(environment))
    _ = StorageSettings(&bound)
    #expect(problems(bound) == missing)
    #expect(problems(able) == (kind == "none" ? [] : missing))
  }

  /// The variables that problems are of.
  private func problems(_ reader: SettingsReader) -> [String] {
    do {
      try reader.finish()
      return []
    } catch {
      return error.problems.map { String($0.prefix { $0 != " " }) }
    }
  }
}
