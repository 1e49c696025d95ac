import Foundation
import Settings
import Testing

@testable import Uploads

@Suite struct S3SettingsTests {
  private func settings(_ change: [String: String]) throws -> S3Settings {
    let good = [
      "R2_ACCOUNT_ID": "0123456789abcdef0123456789abcdef", "R2_BUCKET_NAME": "thumbs", "R2_ACCESS_KEY_ID": "placeholder-key",
      "R2_SECRET_ACCESS_KEY": "placeholder-secret", "R2_PUBLIC_DOMAIN": "thumbs.example.com",
    ]
    var reader = SettingsReader(Environment(good.merging(change) { $1 }))
    let settings = S3Settings(&reader)
    try reader.finish()
    return try #require(settings)
  }

  @Test(
    "names with too much around them are refused with their right form",
    arguments: [
      ("R2_BUCKET_NAME", "thumbs/pictures", "the bucket's name alone"), ("R2_BUCKET_NAME", "my thumbs", "alone"),
      ("R2_BUCKET_NAME", "ab", "alone"),
      ("R2_ACCOUNT_ID", "https://0123.r2.cloudflarestorage.com", "the account's id alone"),
      (
        "S3_ENDPOINT", "https://0123.r2.cloudflarestorage.com/thumbs",
        "expected no path: https://0123.r2.cloudflarestorage.com;"
      ),
      ("S3_ENDPOINT", "https://s3.example.com?x=1", "with a query"),
      ("S3_ENDPOINT", "https://s3 example.com", "base URL"), ("S3_ENDPOINT", "s3.example.com", "base URL"),
      ("S3_REGION", "eu-west-1 ", "the region's name alone"),
      ("R2_PUBLIC_DOMAIN", "https://thumbs.example.com", "for example thumbs.example.com"),
      ("R2_PUBLIC_DOMAIN", "http://thumbs.example.com/", "for example thumbs.example.com"),
      ("R2_PUBLIC_DOMAIN", "https://thumbs.example.com/p?x=1", "without scheme, blanks and path"),
      ("R2_PUBLIC_DOMAIN", "https://thumbs example.com/p", "without scheme, blanks and path"),
      ("R2_PUBLIC_DOMAIN", "thumbs.example.com/pictures", "for example thumbs.example.com"),
      ("R2_PUBLIC_DOMAIN", " thumbs.example.com", "for example thumbs.example.com"),
      ("R2_PUBLIC_DOMAIN", "thumbs example.com", "without scheme, blanks and path"),
      ("R2_PUBLIC_DOMAIN", "ftp://thumbs.example.com", "without scheme, blanks and path"),
    ])
  func refused(name: String, value: String, words: String) {
    let error = #expect(throws: SettingsError.self) { try settings([name: value]) }
    #expect(error?.problems.count == 1)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains(name) == true)
  }

  @Test(
    "public domains",
    arguments: [
      ("thumbs.example.com", "https://thumbs.example.com"), ("thumbs.example.com:8443", "https://thumbs.example.com:8443"),
      // Not every public URL is without a path.
      (
        "https://ref.supabase.co/storage/v1/object/public/thumbs/",
        "https://ref.supabase.co/storage/v1/object/public/thumbs"
      ), ("http://minio.example.com:9000/thumbs", "http://minio.example.com:9000/thumbs"),
      // A store on a private network has an address and no certificate.
      ("http://127.0.0.1:9000/thumbs", "http://127.0.0.1:9000/thumbs"),
      ("http://[::1]:9000/thumbs/", "http://[::1]:9000/thumbs"),
      ("http://localhost:9000/thumbs", "http://localhost:9000/thumbs"),
    ])
  func publicURLs(domain: String, base: String) throws {
    #expect(try settings(["R2_PUBLIC_DOMAIN": domain]).publicBaseURL == base)
  }

  @Test(
    "endpoints",
    arguments: ["https://s3.eu-west-1.amazonaws.com", "http://127.0.0.1:9000", "https://ref.supabase.co/storage/v1/s3"])
  func endpoints(endpoint: String) throws { #expect(try settings(["S3_ENDPOINT": endpoint + "/"]).endpoint == endpoint) }

  @Test func credentialsInFilesAreRenewedAsTheyAre() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let names = ["R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY", "S3_SESSION_TOKEN"]
    func write(_ text: String) throws {
      for name in names { try Data("\(name) \(text)\n".utf8).write(to: folder.appending(path: name)) }
    }
    try write("one")
    var change = ["R2_ACCESS_KEY_ID": "", "R2_SECRET_ACCESS_KEY": ""]
    for name in names { change["\(name)_FILE"] = folder.appending(path: name).path }
    let settings = try settings(change)
    #expect(settings.credentials.secrets.map(\.exposed) == names.map { "\($0) one" })
    try write("two")
    #expect(settings.credentials.secrets.map(\.exposed) == names.map { "\($0) two" })
    // While one is being replaced there may be none.
    try FileManager.default.removeItem(at: folder.appending(path: "S3_SESSION_TOKEN"))
    #expect(settings.credentials.sessionToken?.exposed == "S3_SESSION_TOKEN one")
  }
}
