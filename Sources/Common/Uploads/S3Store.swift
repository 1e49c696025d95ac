internal import Deadlines
internal import Digests
internal import FoundationEssentials
internal import Settings
internal import Transfer

/// Stores objects in a bucket with an S3 API, with requests signed by SigV4.
final class S3Store: ObjectStore {
  let settings: S3Settings
  private let client: any HTTPTransport
  private let makeExchanges: () -> any ParallelTransport
  // Lazy, as in ``HTTPClient``: only the garbage collector needs it.
  private(set) lazy var exchanges = makeExchanges()
  private let sleep: (Double) -> Void
  private static let tries = 4
  /// Whether the store supports `If-None-Match: *` for PUT. OpenStack Swift answers 501, others 400.
  private var knowsConditions = true

  /// Sends nothing to the store yet. Pauses between attempts block the calling thread.
  init(
    _ settings: S3Settings, client: any HTTPTransport, sleep: @escaping (Double) -> Void = Sleep.seconds,
    exchanges: @escaping () -> any ParallelTransport = { ParallelExchanges() }
  ) {
    self.client = client
    makeExchanges = exchanges
    self.sleep = sleep
    self.settings = settings
  }

  var summary: String { "bucket \(settings.bucket) at \(settings.endpoint), public under \(settings.publicBaseURL)/" }

  func publicURL(_ key: String) -> String { "\(settings.publicBaseURL)/\(key)" }

  /// Makes up to four attempts, each with a third of the time left, but at least one second. It retries after 409, 429, most answers from
  /// 500 on, and if the outcome is not known and the object is not there. The pause is what the store asks for, or else grows from 0.4 s;
  /// it is at most 10 s.
  ///
  /// Nothing is overwritten (`If-None-Match: *`) if the store supports that condition. The object may be cached for a year.
  ///
  /// - Throws: `StorageError` if the store refuses, no attempt or no time is left, the store has other bytes than were sent, or the key is
  ///   not a safe path.
  func put(_ bytes: [UInt8], key: String, contentType: String, deadline: Deadline) throws {
    var request = try putRequest(bytes, key, contentType, deadline)
    var lastError = StorageError("the object store gave no answer")
    for attempt in 1...Self.tries {
      // An attempt may never be answered, and must leave time to check whether the object arrived.
      request.deadline = min(deadline, .after(seconds: max(deadline.secondsLeft / 3, 1)))
      do {
        let response = try client.perform(request)
        switch response.status {
        case 200..<300 where isDone(response):
          return try verify(response, bytes, key, deadline)
        // Older MinIO answers 304.
        case 304, 412:
          // The key contains this claim's token, so the object can only come from an earlier attempt of our own.
          if try isStored(bytes, key, deadline) { return }
          throw StorageError("the object store holds other bytes under the same key (S3_ENDPOINT)")
        case 400 where knowsConditions && S3Refusal(response).isUnsupported, 501 where knowsConditions:
          // The key is unique to this claim: without the condition, only our own earlier attempt could be overwritten.
          knowsConditions = false
          request.headers.removeAll { $0.name == "If-None-Match" }
          continue
        case 200..<300, 409, 429, 500, 502...599:
          lastError = error(response)
        case 400 where S3Refusal(response).code == "RequestTimeout":
          lastError = error(response)
        default:
          throw error(response)
        }
      } catch let error as TransferError {
        // It is not known whether the object arrived, so this checks it.
        lastError = unreachable(error)
        if let stored = try? isStored(bytes, key, deadline), stored { return }
      }
      let pause = min(lastError.retryAfterSeconds ?? 0.2 * Double(1 << attempt), 10)
      guard attempt < Self.tries, deadline.secondsLeft > pause + 1 else { break }
      sleep(pause)
    }
    throw lastError
  }

  /// Ends all exchanges that are under way.
  func giveUpExchanges() { exchanges = makeExchanges() }

  private func putRequest(_ bytes: [UInt8], _ key: String, _ contentType: String, _ deadline: Deadline) throws(StorageError)
    -> HTTPRequest
  {
    var request = try request(.put, key, deadline, body: bytes)
    request.headers += [
      ("Content-Type", contentType), ("Cache-Control", "public, max-age=31536000, immutable"),
    ]
    // Required by buckets with Object Lock.
    if let digest = MD5.digest(bytes) { request.headers.append(("Content-MD5", Data(digest).base64EncodedString())) }
    if knowsConditions { request.headers.append(("If-None-Match", "*")) }
    return request
  }

  /// Makes one attempt, for up to 64 MiB; nil if the store has no such key.
  ///
  /// - Throws: `StorageError`.
  func get(_ key: String, deadline: Deadline) throws -> [UInt8]? {
    var request = try request(.get, key, deadline)
    request.maximumBodyBytes = 64 << 20
    let response = try perform(request)
    if S3Refusal(response).isMissingKey { return nil }
    guard response.isSuccess else { throw error(response) }
    return response.body
  }

  /// When a lifecycle rule deletes the object (`x-amz-expiration: expiry-date="…", rule-id="…"`). Makes one attempt.
  ///
  /// - Throws: `StorageError`.
  func expiry(of key: String, deadline: Deadline) throws -> String? {
    let response = try perform(request(.head, key, deadline))
    guard response.isSuccess else { throw error(response) }
    return response.headers["x-amz-expiration"]?.split(separator: "\"").dropFirst().first.map(String.init)
  }

  /// Requests the bucket without a signature.
  func reach(deadline: Deadline) -> StoreReach {
    guard let answer = try? client.perform(HTTPRequest(.head, settings.bucketURL, deadline: deadline)) else { return .silent }
    return answer.isFromInternet ? .internet : .nearby
  }

  /// Trusts what the answer tells of the stored bytes. If it tells nothing useful, or other bytes than were sent, the object is checked.
  private func verify(_ response: HTTPResponse, _ bytes: [UInt8], _ key: String, _ deadline: Deadline) throws {
    let said = StoredBytes.agree(response.headers, with: bytes)
    if said == true { return }
    guard try isStored(bytes, key, deadline) else {
      throw StorageError(
        said == false
          ? "the object store reports other bytes than were sent (ETag or checksum)"
          : "the object is not there after the upload (S3_ENDPOINT)")
    }
  }

  private func isStored(_ bytes: [UInt8], _ key: String, _ deadline: Deadline) throws -> Bool {
    let response = try perform(request(.head, key, deadline))
    if response.status == 404 { return false }
    guard response.isSuccess else { throw error(response) }
    if Int(response.headers["content-length"] ?? "") == bytes.count, StoredBytes.agree(response.headers, with: bytes) != false {
      return true
    }
    // An ETag may only look like an MD5, for instance with other stores' encryption. Then the bytes themselves decide.
    return try get(key, deadline: deadline) == bytes
  }

  /// Percent-encodes the value of a query as SigV4 requires: everything except unreserved characters (RFC 3986, 2.3).
  static func encoded(_ text: String) -> String {
    text.utf8.reduce(into: "") { result, byte in
      result += byte.isNameByte || byte == UInt8(ascii: "~") ? String(UnicodeScalar(byte)) : byte.percentEncoded
    }
  }

  func request(_ method: HTTPRequest.Method, _ key: String, _ deadline: Deadline, body: [UInt8] = []) throws(StorageError)
    -> HTTPRequest
  {
    guard ObjectKey.isSafe(key) else { throw StorageError("the object key is not a safe path") }
    var request = HTTPRequest(method, "\(settings.bucketURL)/\(key)", deadline: deadline)
    request.body = body
    sign(&request)
    return request
  }

  func sign(_ request: inout HTTPRequest) {
    request.headers = [("x-amz-content-sha256", SHA256.hex(request.body ?? []))]
    let credentials = settings.credentials
    if let token = credentials.sessionToken { request.headers.append(("x-amz-security-token", token.exposed)) }
    request.signature = HTTPRequest.Signature(
      accessKey: credentials.accessKey, secretKey: credentials.secretKey, region: settings.region)
  }

  func perform(_ request: HTTPRequest) throws -> HTTPResponse {
    do {
      return try client.perform(request)
    } catch let error as TransferError {
      throw unreachable(error)
    }
  }

  func unreachable(_ error: TransferError) -> StorageError {
    StorageError("the object store cannot be reached: \(error) (\(settings.addressNames))")
  }

  /// Whether the answer is a success. Some answers begin with 200 and end with an error.
  func isDone(_ response: HTTPResponse) -> Bool { response.isSuccess && S3Refusal(response).code == nil }

  func error(_ response: HTTPResponse) -> StorageError {
    S3Refusal(response, secrets: settings.credentials.secrets).error
  }
}
