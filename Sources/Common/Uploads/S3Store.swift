package import Deadlines
internal import Digests
internal import Settings
internal import Transfer

/// Objects in a bucket behind an S3 API, signed with SigV4.
package final class S3Store: ObjectStore {
  private let settings: S3Settings
  private let client = HTTPClient()
  private static let tries = 4
  /// Whether the store knows `If-None-Match: *` for PUT; OpenStack Swift answers 501.
  private var knowsConditions = true

  package init(_ settings: S3Settings) {
    self.settings = settings
  }

  package var summary: String { "bucket \(settings.bucket) at \(settings.endpoint), public under \(settings.publicBaseURL)/" }

  package func publicURL(_ key: String) -> String { "\(settings.publicBaseURL)/\(key)" }

  package func put(_ bytes: [UInt8], key: String, contentType: String, deadline: Deadline) throws {
    var request = try request(.put, key, deadline)
    request.body = bytes
    sign(&request, payloadHash: SHA256.hex(bytes))
    request.headers += [("Content-Type", contentType), ("Cache-Control", "public, max-age=31536000, immutable")]
    if knowsConditions { request.headers.append(("If-None-Match", "*")) }
    var lastError = StorageError("the object store gave no answer")
    for attempt in 1...Self.tries {
      // A try gets a third of what is left: one that is never answered must leave time to look whether it arrived.
      request.deadline = min(deadline, .after(seconds: max(deadline.secondsLeft / 3, 1)))
      do {
        let response = try client.perform(request)
        switch response.status {
        case 200..<300:
          return try verify(response, bytes, key, deadline)
        case 412:
          // The key holds this claim's token: it can only be an earlier try of our own that arrived.
          if try isStored(bytes, key, deadline) { return }
          throw StorageError("the object store holds other bytes under the same key")
        case 501 where knowsConditions:
          // The key is unique to this claim: without the condition nothing but our own earlier try could be overwritten.
          knowsConditions = false
          request.headers.removeAll { $0.name == "If-None-Match" }
          lastError = error(response)
          continue
        case 409, 429, 500, 502...599:
          lastError = error(response)
        default:
          throw error(response)
        }
      } catch let error as TransferError {
        // Whether it arrived is unknown: look.
        lastError = StorageError("the object store cannot be reached: \(error) (S3_ENDPOINT)")
        if let stored = try? isStored(bytes, key, deadline), stored { return }
      }
      let pause = min(lastError.retryAfterSeconds ?? 0.2 * Double(1 << attempt), 10)
      guard attempt < Self.tries, deadline.secondsLeft > pause + 1 else { break }
      Sleep.seconds(pause)
    }
    throw lastError
  }

  package func get(_ key: String, deadline: Deadline) throws -> [UInt8]? {
    var request = try request(.get, key, deadline)
    request.maximumBodyBytes = 64 << 20
    let response = try perform(request)
    if response.status == 404 { return nil }
    guard response.isSuccess else { throw error(response) }
    return response.body
  }

  package func delete(_ key: String, deadline: Deadline) throws {
    let response = try perform(request(.delete, key, deadline))
    guard response.isSuccess || response.status == 404 else { throw error(response) }
  }

  /// `ListObjectsV2`.
  package func list(after: String, limit: Int, deadline: Deadline) throws -> ObjectListing {
    // Sorted and encoded, as the signature wants it.
    var query = "list-type=2&max-keys=\(min(max(limit, 1), 1000))&prefix=\(Self.encoded(ObjectKey.prefix))"
    if !after.isEmpty { query += "&start-after=\(Self.encoded(after))" }
    var request = HTTPRequest(.get, "\(settings.bucketURL)/?\(query)", deadline: deadline)
    request.maximumBodyBytes = 4 << 20
    sign(&request, payloadHash: SHA256.hex([]))
    let response = try perform(request)
    guard response.isSuccess else { throw error(response) }
    guard let listing = ListingXML.parse(String(decoding: response.body, as: UTF8.self)) else {
      throw StorageError("the object store answered a listing that is none (S3_ENDPOINT)")
    }
    return listing
  }

  /// Compares the answer's ETag with the bytes sent; asks where the answer has none that is an MD5.
  private func verify(_ response: HTTPResponse, _ bytes: [UInt8], _ key: String, _ deadline: Deadline) throws {
    if let tag = Self.digest(inETag: response.headers["etag"]) {
      guard tag == MD5.hex(bytes) else { throw StorageError("the object store reports other bytes than were sent (ETag)") }
      return
    }
    guard try isStored(bytes, key, deadline) else { throw StorageError("the object is not there after the upload") }
  }

  private func isStored(_ bytes: [UInt8], _ key: String, _ deadline: Deadline) throws -> Bool {
    let response = try perform(request(.head, key, deadline))
    if response.status == 404 { return false }
    guard response.isSuccess else { throw error(response) }
    guard Int(response.headers["content-length"] ?? "") == bytes.count else { return false }
    return Self.digest(inETag: response.headers["etag"]).map { $0 == MD5.hex(bytes) } ?? true
  }

  /// Percent-encoded as SigV4 wants the value of a query: everything but unreserved characters (RFC 3986, 2.3).
  static func encoded(_ text: String) -> String {
    text.utf8.reduce(into: "") { result, byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: result.append(Character(UnicodeScalar(byte)))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
  }

  private static func digest(inETag header: String?) -> String? {
    guard let header else { return nil }
    let text = header.lowercased().filter { $0 != "\"" }
    return text.count == 32 && text.allSatisfy(\.isHexDigit) ? text : nil
  }

  private func request(_ method: HTTPRequest.Method, _ key: String, _ deadline: Deadline) throws(StorageError) -> HTTPRequest {
    guard ObjectKey.isSafe(key) else { throw StorageError("the object key is not a safe path") }
    var request = HTTPRequest(method, "\(settings.bucketURL)/\(key)", deadline: deadline)
    sign(&request, payloadHash: SHA256.hex([]))
    return request
  }

  private func sign(_ request: inout HTTPRequest, payloadHash: String) {
    request.headers = [("x-amz-content-sha256", payloadHash)]
    if let token = settings.sessionToken { request.headers.append(("x-amz-security-token", token.exposed)) }
    request.signature = HTTPRequest.Signature(
      accessKey: settings.accessKey, secretKey: settings.secretKey, region: settings.region)
  }

  private func perform(_ request: HTTPRequest) throws -> HTTPResponse {
    do {
      return try client.perform(request)
    } catch let error as TransferError {
      throw StorageError("the object store cannot be reached: \(error) (S3_ENDPOINT)")
    }
  }

  /// Says which variable to look at, by status and by the code in S3's XML answer.
  private func error(_ response: HTTPResponse) -> StorageError {
    let text = String(decoding: response.body.prefix(4096), as: UTF8.self)
    let code =
      text.firstRange(of: "<Code>").map { String(text[$0.upperBound...].prefix { $0 != "<" }.prefix(64)) } ?? "no code"
    let hint =
      switch code {
      case "SignatureDoesNotMatch": "look at R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY"
      case "AuthorizationHeaderMalformed": "look at S3_REGION"
      case "InvalidAccessKeyId": "look at R2_ACCESS_KEY_ID"
      case "NoSuchBucket": "look at R2_BUCKET_NAME"
      case "AccessDenied": "the key may not write to R2_BUCKET_NAME"
      case "ExpiredToken", "InvalidToken": "look at S3_SESSION_TOKEN"
      case "PermanentRedirect", "TemporaryRedirect": "look at S3_ENDPOINT, S3_REGION and S3_ADDRESSING"
      case "RequestTimeTooSkewed": "this machine's clock is off"
      default:
        (300..<400).contains(response.status)
          ? "look at S3_ENDPOINT and S3_ADDRESSING"
          : response.status == 403
            ? "look at the R2_ keys" : response.status == 404 ? "look at S3_ENDPOINT and R2_BUCKET_NAME" : ""
      }
    return StorageError(
      "the object store answered \(response.status) \(code)" + (hint.isEmpty ? "" : ": \(hint)"),
      retryAfterSeconds: response.retryAfterSeconds)
  }
}
