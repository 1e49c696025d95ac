internal import Settings
internal import Transfer

/// Checks names that people paste with too much around them, and shows the right form.
enum S3Names {
  /// Supabase Storage is the store whose S3 API is below a path.
  private static let knownPaths: Set<Substring> = ["", "/storage/v1/s3"]
  private static let exampleEndpoint = "https://0123456789abcdef.r2.cloudflarestorage.com"

  static func check(account: String, bucket: String, region: String, endpoint: String?, _ reader: inout SettingsReader) {
    if !account.utf8.allSatisfy(\.isNameByte) || account.contains(".") {
      reader.report("R2_ACCOUNT_ID is \"\(account)\", expected the account's id alone, 32 hexadecimal digits")
    }
    if !bucket.isEmpty, !(3...255).contains(bucket.utf8.count) || !bucket.utf8.allSatisfy(\.isNameByte) {
      reader.report("R2_BUCKET_NAME is \"\(bucket)\", expected the bucket's name alone, for example thumbnails")
    }
    if !region.utf8.allSatisfy(\.isNameByte) {
      reader.report("S3_REGION is \"\(region)\", expected the region's name alone, for example eu-west-1")
    }
    guard let endpoint else { return }
    let (root, path) = split(endpoint)
    if !isHost(root), knownPaths.contains(path) || path.isEmpty {
      reader.report("S3_ENDPOINT is \"\(endpoint)\", expected the API's base URL, for example \(exampleEndpoint)")
    } else if !knownPaths.contains(path) {
      reader.report("S3_ENDPOINT is \"\(endpoint)\", expected no path: \(root); the bucket's name goes into R2_BUCKET_NAME")
    }
  }

  /// The beginning of public URLs, without a slash at the end.
  ///
  /// - Parameter domain: a host name with or without a port, or a whole URL with a path, as public URLs of Supabase Storage and of stores
  ///   with the bucket in the path have one. A store on a private network has no name and no certificate, so an address may have `http://`
  ///   without a path.
  static func publicBaseURL(_ domain: String, _ reader: inout SettingsReader) -> String {
    guard !domain.isEmpty else { return "" }
    let (root, path) = split(domain)
    if isAddress(root) || root.hasPrefix("http") && isHost(root) && path.contains(where: { $0 != "/" }),
      !path.contains(where: { $0.isWhitespace || $0 == "?" || $0 == "#" })
    {
      var base = domain
      while base.hasSuffix("/") { base.removeLast() }
      return base
    }
    let name = root.replacing("https://", with: "").replacing("http://", with: "").filter { !$0.isWhitespace }
    if domain != name || name.contains("/") || !isHost("https://\(name)") {
      reader.report(
        "R2_PUBLIC_DOMAIN is \"\(domain)\", expected a domain without scheme, blanks and path, for example "
          + (!name.contains("/") && isHost("https://\(name)") ? name : "thumbs.example.com"))
    }
    return "https://\(name)"
  }

  /// Scheme, host and port; then the rest.
  private static func split(_ url: String) -> (root: String, path: Substring) {
    let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
    let end = url[start...].firstIndex { "/\\?#".contains($0) } ?? url.endIndex
    return (String(url[..<end]), url[end...])
  }

  private static func isHost(_ root: String) -> Bool {
    guard let url = try? SourceURL(root), !root.contains(where: \.isWhitespace) else { return false }
    return url.host.utf8.allSatisfy { $0.isNameByte || $0 == UInt8(ascii: ":") }
  }

  private static func isAddress(_ root: String) -> Bool {
    guard root.hasPrefix("http"), let host = (try? SourceURL(root))?.host else { return false }
    return host == "localhost" || host.contains(":") || host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2e }
  }
}
